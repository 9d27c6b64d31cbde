import Decoding
public import NoteFormat
public import ProgramSupport
import STUNCodec

/// Proves that the notes tell the truth: their format, their links, their quotations, their outputs.
public struct NoteCheck {
  public private(set) var problems: [Problem] = []
  /// The runs that did not print what the note says, for a readable difference.
  public private(set) var mismatches: [ExampleRun] = []
  public private(set) var checkedExamples = 0
  public private(set) var checkedNotes = 0

  private let workspace: Workspace
  private let library: Library
  private let executable: String

  /// Checks everything.
  ///
  /// - Throws: `WorkbookError.missing` where a file or the compiler is not there, or `interrupted`.
  ///   What is wrong with the notes is in `problems`.
  public init(
    _ workspace: Workspace, library: Library, executable: String
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
    problems.sort { ($0.file, $0.position) < ($1.file, $1.position) }
  }

  private mutating func report(_ note: Note, _ position: SourcePosition, _ message: String) {
    problems.append(Problem(file: note.file, position: position, message: message))
  }

  // MARK: Examples

  private mutating func checkExamples(of note: Note, text: String) throws(WorkbookError) {
    let compiled = library.notes.first { $0.file == note.file }
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
    // Up to the first ellipsis the lines stand beside each other; behind it any may be to blame.
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

  /// A link to a file must lead somewhere; what lies on the network is not looked at.
  private mutating func checkLinks(of note: Note) {
    var links: [Link] = []
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

  /// A hint may come near the solution but not hold a line of it.
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

  /// Every exercise's folder must belong to a note, and the seal must fit the checks.
  private mutating func checkFolders(_ course: Course) throws(WorkbookError) {
    let linked = Set(course.notes.flatMap { $0.exercises.map(\.id) })
    let start = SourcePosition(line: 1, column: 1)
    for id in ExerciseFolder.ids(in: workspace) where !linked.contains(id) {
      problems.append(
        Problem(
          file: "Exercises/\(id)/Exercise.swift", position: start,
          message: "no note has an exercise that links here"))
    }
    let seal = try? readFile(ChecksSeal.path(in: workspace))
    if seal != Array(try ChecksSeal.text(for: workspace).utf8) {
      problems.append(
        Problem(
          file: "Exercises/Checks.sha256", position: start,
          message: "the list does not fit the checks; 'notes sync' writes it anew"))
    }
  }
}

extension [Block] {
  /// The text of every paragraph and every code block, those inside others included.
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
