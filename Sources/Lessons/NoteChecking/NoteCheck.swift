import MessageDump
public import NoteFormat
public import ProgramSupport

/// Checks the notes: their format, links, quotations, outputs and exercises.
public struct NoteCheck {
  /// The problems found, in the order of the notes.
  public private(set) var problems: [Problem] = []
  /// The runs whose output differs from the note, from which a difference can be printed.
  public private(set) var mismatches: [ExampleRun] = []
  /// The number of examples that were checked.
  public private(set) var checkedExamples = 0
  /// The number of notes that were checked.
  public private(set) var checkedNotes = 0

  private let workspace: Workspace
  private let library: NoteLibrary
  private let executable: String

  /// Checks all notes of a workspace.
  ///
  /// - Throws: `WorkbookError.missing` if a file or the compiler is missing, or `interrupted`. Problems
  ///   of the notes are not errors.
  public init(
    _ workspace: Workspace, library: NoteLibrary, executable: String
  ) throws(WorkbookError) {
    self.workspace = workspace
    self.library = library
    self.executable = executable
    let disk = try NotesOnDisk(workspace)
    problems = disk.problems
    for note in disk.course.notes {
      checkedNotes += 1
      checkLinks(of: note)
      checkQuotations(of: note)
      checkMessages(of: note)
      checkExercises(of: note)
      try checkExamples(of: note, text: disk.texts[note.file] ?? "")
    }
    try checkFolders(disk.course)
    problems += try ReferenceOnDisk.problems(in: workspace, beside: disk.course)
    problems.sort { ($0.file, $0.position) < ($1.file, $1.position) }
  }

  private mutating func report(_ note: Note, _ position: SourcePosition, _ message: String) {
    problems.append(Problem(file: note.file, position: position, message: message))
  }

  // MARK: Examples

  private mutating func checkExamples(of note: Note, text: String) throws(WorkbookError) {
    let compiled = library.notes.first { $0.file == note.file }
    if let compiled, !compiled.problems.isEmpty {
      problems += compiled.problems
      return
    }
    let isCurrent = compiled?.text == text
    if !isCurrent {
      report(
        note, SourcePosition(line: 1, column: 1),
        "the program was built before this note was changed; run ./workbook, which builds it")
    }
    for example in note.examples {
      switch example.mode {
      case .runs where isCurrent:
        let run = try ExampleRun(example, executable: executable)
        checkedExamples += 1
        if let complaint = run.complaint {
          report(note, example.code.range.start, "example '\(example.id)': \(complaint)")
        } else if !run.matchesOutput {
          mismatches.append(run)
          reportDifference(run, in: note)
        }
      case .runs: break
      case .fails:
        let refused = try RefusedExample(example, in: note, workspace: workspace)
        checkedExamples += 1
        checkRefusal(refused, in: note)
      }
    }
  }

  private mutating func checkRefusal(_ refused: RefusedExample, in note: Note) {
    let example = refused.example
    if refused.messages.isEmpty {
      report(
        note, example.code.range.start,
        "example '\(example.id)' is marked 'fails' and compiles; remove the mark or mend the code")
    } else if !refused.isAsPromised {
      report(
        note, (example.output ?? example.code).range.start,
        "the compiler says: \(refused.messages.joined(separator: " / "))")
    }
  }

  private mutating func reportDifference(_ run: ExampleRun, in note: Note) {
    guard let output = run.example.output else {
      report(
        note, run.example.code.range.start,
        "example '\(run.example.id)' prints something and has no output; 'notes sync' writes it")
      return
    }
    let printed = OutputPattern.lines(of: run.output)
    let promised = OutputPattern(output.text).lines
    // Lines correspond one to one up to the first ellipsis; after it any line may be the cause.
    let index =
      zip(promised, printed).enumerated().first { _, pair in
        pair.0 == "..." || !OutputPattern.line(pair.0, matches: pair.1)
      }?.offset ?? min(promised.count, printed.count)
    let line = output.firstLine + min(index, max(0, promised.count - 1))
    let says = promised.indices.contains(index) ? "'\(promised[index])'" : "nothing more"
    let prints = printed.indices.contains(index) ? "'\(printed[index])'" : "nothing more"
    report(
      note, SourcePosition(line: line, column: output.indentation + 1),
      says == "'...'"
        ? "example '\(run.example.id)' prints something else from here on"
        : "example '\(run.example.id)' prints \(prints) where the note says \(says)")
  }

  // MARK: What a note points to

  private mutating func checkQuotations(of note: Note) {
    for quotation in note.quotations {
      do throws(SourceRegion.Failure) {
        let text = try SourceRegion.text(
          path: quotation.path, region: quotation.region, in: workspace)
        if text != quotation.code.text {
          report(
            note, quotation.code.range.start,
            "\(quotation.path) says something else by now; 'notes sync' brings the quotation up to date"
          )
        }
      } catch {
        let reason =
          switch error {
          case .noFile: "there is no file \(quotation.path)"
          case .noRegion(let known):
            "\(quotation.path) has no region '\(quotation.region)'"
              + Suggestion.phrase(for: quotation.region, among: known)
          }
        report(note, quotation.position, reason)
      }
    }
  }

  private mutating func checkMessages(of note: Note) {
    var fences: [STUNMessageFence] = []
    note.blocks.forEachNested {
      if case .stunMessage(let fence) = $0.content { fences.append(fence) }
    }
    for fence in fences {
      if let complaint = STUNMessageDump.complaint(about: fence.bytes) {
        report(note, fence.code.range.start, "these bytes are no STUN message: \(complaint)")
      }
    }
  }

  /// Reports links to files that do not exist; links to the network are not followed.
  private mutating func checkLinks(of note: Note) {
    var links: [MarkdownLink] = []
    for step in note.steps { step.title.forEachLink { links.append($0) } }
    note.blocks.forEachNested { $0.inlines.forEachLink { links.append($0) } }
    for link in links {
      let target = link.destination.split(separator: "#", omittingEmptySubsequences: false)[0]
      guard !target.isEmpty, !target.contains(":"), !target.hasPrefix("/") else { continue }
      let path = "\(workspace.notesFolder)/\(target)"
      if !isFile(path), !isFolder(path) {
        report(note, link.position, "this link leads to no file: \(target)")
      }
    }
  }

  // MARK: Exercises

  private mutating func checkExercises(of note: Note) {
    for exercise in note.exercises {
      let folder = "\(workspace.exercisesFolder)/\(exercise.id)"
      for name in ["Exercise.swift", "Checks.swift", "Solution.swift"]
      where !isFile("\(folder)/\(name)") {
        report(
          note, exercise.position,
          "exercise '\(exercise.id)' lacks Exercises/\(exercise.id)/\(name)")
      }
      if names(in: folder + "/Mistakes").count(where: { $0.hasSuffix(".swift") }) < 2 {
        report(
          note, exercise.position, "exercise '\(exercise.id)' needs at least two files in Mistakes/"
        )
      }
      if let solution = try? readFile(folder + "/Solution.swift") {
        checkHints(of: exercise, in: note, solution: String(decoding: solution, as: UTF8.self))
      }
    }
  }

  /// Reports hints that contain a line of the solution.
  private mutating func checkHints(of exercise: Exercise, in note: Note, solution: String) {
    let lines = Set(
      solution.split(separator: "\n").map(Self.squeezed).filter {
        $0.count > 12 && !$0.hasPrefix("//")
      })
    for hint in exercise.hints {
      for line in lines
      where hint.allText.contains(where: { Self.squeezed($0[...]).contains(line) }) {
        report(
          note, hint.first?.range.start ?? exercise.position,
          "a hint of '\(exercise.id)' holds this line of the solution: \(line)")
      }
    }
  }

  private static func squeezed(_ line: Substring) -> String {
    String(line.filter { !$0.isWhitespace })
  }

  /// Reports exercises that no note links to, and digests that do not match the checks.
  private mutating func checkFolders(_ course: Course) throws(WorkbookError) {
    let linked = Set(course.notes.flatMap { $0.exercises.map(\.id) })
    let start = SourcePosition(line: 1, column: 1)
    for id in ExerciseFolder.ids(in: workspace) where !linked.contains(id) {
      problems.append(
        Problem(
          file: "Exercises/\(id)/Exercise.swift", position: start,
          message: "no note has an exercise that links here"))
    }
    let digests = try? readFile(ChecksDigest.path(in: workspace))
    if digests != Array(try ChecksDigest.text(for: workspace).utf8) {
      problems.append(
        Problem(
          file: "Exercises/Checks.sha256", position: start,
          message: "the list does not fit the checks; 'notes sync' writes it anew"))
    }
  }
}

extension [Block] {
  /// The text of every paragraph and every code block, including nested ones.
  fileprivate var allText: [String] {
    var texts: [String] = []
    forEachNested { block in
      switch block.content {
      case .paragraph(let inlines): texts.append(inlines.plainText)
      case .code(let code): texts.append(code.text)
      case .example(let example): texts.append(example.code.text)
      default: break
      }
    }
    return texts
  }
}
