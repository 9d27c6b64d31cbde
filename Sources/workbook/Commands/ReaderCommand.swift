import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import ProgramSupport
import Reader
import Terminal

struct ReaderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reader",
    abstract: "Step through the notes: read, predict, run, do and check.",
    discussion: """
      In a terminal it takes the whole screen, and opens where you left off. With --plain, or where \
      there is no such terminal, it reads commands line by line.
      """)

  @OptionGroup var options: OutputOptions

  @Argument(help: "The note to open, and a step behind '#'.")
  var note: String?

  func run() throws {
    let workspace = try Workspace.current()
    let environment = processEnvironment()
    let session = ReaderSession(
      course: try NoteLibrary.compiled.course(), workspace: workspace,
      log: ProgressLog(workspace, environment: environment), environment: environment,
      runExample: Laboratory.runExample)
    try session.run(at: note, options.output())
  }
}

/// Opens a course in the reader: on the full screen if possible, else line by line.
struct ReaderSession {
  let course: Course
  let workspace: Workspace
  let log: ProgressLog
  let environment: [String: String]
  let runExample: Workshop.RunExample
  /// Own notes, and whether their code may run; nil for the course, whose code may.
  var own: OwnCode?

  init(
    course: Course, workspace: Workspace, log: ProgressLog, environment: [String: String],
    own: OwnCode? = nil, runExample: @escaping Workshop.RunExample
  ) {
    self.own = own
    self.course = course
    self.workspace = workspace
    self.log = log
    self.environment = environment
    self.runExample = runExample
  }

  /// Whether the reader would have the whole screen: a terminal that can be drawn on.
  static func hasScreen(_ presentation: Presentation) -> Bool {
    !presentation.plain && isatty(STDIN_FILENO) == 1
      && CursesScreen.isAvailable(on: STDOUT_FILENO)
  }

  /// Whether notes can be stepped through: there is a terminal for what is typed and what is shown.
  static func hasReader() -> Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
  }

  /// Runs the reader.
  ///
  /// - Parameters:
  ///   - place: a note, optionally with '#' and a step; nil for the step visited last.
  ///   - items: what to review instead of reading; empty to read.
  /// - Returns: the reader as it was when it ended.
  @discardableResult
  func run(
    at place: String?, reviewing items: [Review.Item] = [], _ output: Writer
  ) throws(WorkbookError) -> Reader {
    let place = place.map { $0.split(separator: "#", maxSplits: 1).map(String.init) }
    if let name = place?.first { _ = try course.existingNote(named: name) }
    guard !course.notes.isEmpty else { throw .missing("there are no notes here", remedy: nil) }
    let progress = try log.read()
    var remember: Workshop.RememberPermission?
    var step: Workshop.StepExample?
    if let own { remember = own.permit } else { step = Laboratory.step(through:_:) }
    let workshop = Workshop(
      workspace, log: log, environment: environment,
      rememberPermission: remember, makeReady: Laboratory.makeReady, runExample: runExample,
      stepExample: step)
    // While the first page is read.
    OtherProgram.lab.beginBuilding()
    let isCourse = own == nil
    let makeReader = { (rows: Int, presentation: Presentation) in
      var reader = Reader(
        course, progress: progress, presentation: presentation, rows: rows, isCourse: isCourse,
        glossary: { isCourse ? (try? NoteLibrary.glossary()) ?? Glossary() : Glossary() },
        cheatSheets: {
          isCourse ? (try? NoteLibrary.cheatSheets()) ?? CheatSheets() : CheatSheets()
        })
      reader.mayRunCode = own?.isPermitted ?? true
      if let place { reader.go(to: place[0], step: place.dropFirst().first) }
      reader.begin(items)
      return reader
    }
    if Self.hasScreen(output.presentation) {
      return FullScreenReader.run(
        makeReader, workshop: workshop, presentation: output.presentation)
    } else {
      if !output.presentation.plain, isatty(STDIN_FILENO) == 1 {
        let name = environment["TERM"] ?? ""
        output.line(
          StyledText(
            "This machine does not know the terminal '\(name)', so the notes come line by line.",
            .warning))
      }
      // A step that is printed is printed whole.
      let end = PlainReader.run(
        makeReader(1 << 20, output.presentation), workshop: workshop, output: output)
      output.flush()
      if end.wasRefused, let own { throw own.refusal }
      return end.reader
    }
  }
}
