import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Read your own Markdown: a file, or a folder such as an Obsidian vault.",
    discussion: """
      Wiki links, front matter and subfolders are understood. Swift fences run: they are compiled \
      when first run, with the library's modules imported. A fence without an id is called \
      example-1, example-2 and so on, NOTE/example-1 where several notes have one. Before such code \
      runs for the first time you are asked, and again when it has changed: it runs with your rights.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Show the answers, the hints and the outputs to predict.")
  var answers = false

  @Flag(help: "Say where the text departs from the workbook's note format.")
  var check = false

  @Flag(help: "Run the notes' code without asking, now and as long as it stays as it is.")
  var trust = false

  @Flag(help: "Step through the notes line by line where there is no full screen.")
  var reader = false

  @Option(name: .customLong("run"), help: "Run this example: ID, or NOTE/ID.")
  var example: String?

  @Argument(help: "The file or folder.")
  var path: String

  @Argument(help: "A note's name or number, and a step behind '#' if you want just that.")
  var note: String?

  func validate() throws {
    if example != nil, note != nil || check {
      throw ValidationError("--run runs one example; leave out the note and --check")
    }
    if check, note != nil {
      throw ValidationError("--check is about all notes; leave out the note")
    }
  }

  func run() throws {
    let notes = try OwnNotes(path)
    let output = options.output()
    if trust { try OwnCode(notes, workspace: .current()).permit() }
    if let example {
      try run(example, of: notes, output)
    } else if check {
      try report(notes, output)
    } else if let note {
      try show(note, of: notes, output)
    } else if !format.json, !answers, reader || ReaderSession.hasReader() {
      try openReader(on: notes, output)
    } else if notes.course.notes.count == 1, !format.json {
      show(notes.course.notes[0], step: nil, of: notes, output)
    } else {
      try list(notes, output)
    }
    output.flush()
  }

  /// Prints problems to standard error, so that standard output has only the requested text.
  private func report(_ problems: some Sequence<Problem>) {
    let problems = Array(problems)
    guard !problems.isEmpty else { return }
    let errors = Writer(
      descriptor: STDERR_FILENO,
      presentation: Presentation(descriptor: STDERR_FILENO, environment: processEnvironment()))
    for problem in problems { errors.line(StyledText(problem.description)) }
    errors.flush()
  }

  private func report(_ notes: OwnNotes, _ output: Writer) throws {
    let problems = notes.problems + notes.formatProblems
    if format.json {
      try output.json(ProblemReport(problems))
    } else {
      for problem in problems { output.line(StyledText(problem.description)) }
      if problems.isEmpty {
        output.line(
          StyledText("\(output.presentation.symbols.success) ", .success)
            + StyledText("\(notes.course.notes.count) notes: all in the note format"))
      }
    }
    output.flush()
    if !problems.isEmpty { throw ExitCode(65) }
  }

  /// Opens the reader on notes of the user, with separate progress for their path.
  private func openReader(on notes: OwnNotes, _ output: Writer) throws {
    report(notes.problems)
    let workspace = try Workspace.current()
    let environment = processEnvironment()
    let session = ReaderSession(
      course: notes.stepped, workspace: workspace,
      log: try ProgressLog(workspace, environment: environment, forNotesAt: notes.path),
      environment: environment, own: OwnCode(notes, workspace: workspace)
    ) { example, note, isUnwanted, onOutput throws(WorkbookError) in
      try ExampleRun(
        compiling: example, in: note, workspace: workspace, isUnwanted: isUnwanted,
        onOutput: onOutput)
    }
    try session.run(at: nil, output)
  }

  // MARK: Listing

  private func list(_ notes: OwnNotes, _ output: Writer) throws {
    report(notes.problems)
    let summaries = notes.course.notes.map { OwnNoteSummary($0) }
    guard !format.json else { return try output.json(OwnNoteListReport(notes: summaries)) }
    let width = "\(summaries.count)".count
    let continuation = StyledText(String(repeating: " ", count: width + 2))
    for (index, note) in summaries.enumerated() {
      let number = String(repeating: " ", count: width - "\(index + 1)".count) + "\(index + 1)"
      var line = StyledText(note.note, .link, emphasis: .bold)
      if note.title != note.note { line += StyledText("  \(note.title)") }
      if !note.examples.isEmpty {
        line += StyledText("  \(note.examples.count) examples", .muted)
      }
      output.lines(
        output.presentation.prepared(line).wrapped(
          to: output.presentation.proseWidth, first: StyledText(number + "  ", .label),
          continuation: continuation))
    }
    output.line()
    output.line("To read one:")
    output.line("  " + StyledText("./workbook open \(shellWord(notes.path)) 1", .key))
  }

  // MARK: Reading

  private func show(_ name: String, of notes: OwnNotes, _ output: Writer) throws {
    let (found, step) = try place(named: name, in: notes)
    if format.json {
      try output.json(NoteText(found, step: step, PageState(revealsAll: answers)))
    } else {
      show(found, step: step, of: notes, output)
    }
  }

  /// The note and step of a name; a note's name may contain '#', so the whole is tried first.
  private func place(named name: String, in notes: OwnNotes) throws -> (Note, Int?) {
    if let note = notes.course.note(named: name) { return (note, nil) }
    guard let mark = name.lastIndex(of: "#") else { return (try notes.note(named: name), nil) }
    let section = String(name[name.index(after: mark)...])
    let note = try notes.note(named: String(name[..<mark]))
    guard let step = note.stepIndex(named: section) else {
      throw WorkbookError.usage(
        "note '\(note.slug)' has no step '\(section)'"
          + (note.steps.isEmpty
            ? "; it has no second-level headings"
            : "; it has 1 to \(note.steps.count)"
              + Suggestion.phrase(for: section, among: note.steps.map(\.anchor))))
    }
    return (note, step)
  }

  private func show(_ note: Note, step: Int?, of notes: OwnNotes, _ output: Writer) {
    report(notes.problems.lazy.filter { $0.file == note.file })
    var state = PageState(revealsAll: answers)
    state.runCommand = "./workbook open \(shellWord(notes.path)) --run"
    state.predictCommand = state.runCommand
    state.answerCommand = nil
    output.lines(
      NotePage.lines(
        of: note, step: step, in: notes.course, state: state, output.presentation))
  }

  // MARK: Running

  private func run(_ name: String, of notes: OwnNotes, _ output: Writer) throws {
    let (note, example) = try notes.example(named: name)
    guard try OwnCode(notes, workspace: .current()).ask(output) else { throw ExitCode(1) }
    _ = try OtherProgram.lab.path()
    if example.mode == .fails {
      guard try RunCommand.refuse(example, in: note, format, output) else { throw ExitCode(1) }
      return
    }
    let run = try ExampleRun(
      compiling: example, in: note, workspace: .current(),
      onOutput: { bytes in
        guard !format.json else { return }
        output.text(StyledText(String(decoding: bytes, as: UTF8.self)))
        output.flush()
      })
    if format.json {
      try output.json(RunReport(run))
    } else if !run.didCompile {
      for line in run.errorOutput.split(separator: "\n", omittingEmptySubsequences: false) {
        output.line(StyledText(String(line)))
      }
    } else {
      output.lines(RunPage.lines(of: run, output.presentation))
    }
    output.flush()
    guard run.isAsPromised else { throw ExitCode(run.ending == .timedOut ? 75 : 1) }
  }

  /// The word quoted for a shell.
  private func shellWord(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
        || UInt8(ascii: "-")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "_")
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

/// The user's notes, as printed by `open --json`.
struct OwnNoteListReport: Encodable {
  var notes: [OwnNoteSummary]
}

/// The summary of one of the user's notes.
struct OwnNoteSummary: Encodable {
  /// The note's name.
  var note: String
  var title: String
  var file: String
  var steps: Int
  var examples: [String]

  init(_ note: Note) {
    self.note = note.slug
    title = note.title
    file = note.file
    steps = note.steps.count
    examples = note.examples.map(\.id)
  }
}
