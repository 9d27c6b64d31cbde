import ArgumentParser
import Glibc
import Lessons
import NoteFormat
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
    let output = options.output()
    let environment = processEnvironment()
    let workspace = try Workspace.current()
    let library = Library.compiled
    let log = ProgressLog(workspace, environment: environment)
    let progress = try log.read()
    let course = try library.course()
    let place = note.map { $0.split(separator: "#", maxSplits: 1).map(String.init) }
    if let name = place?.first, course.note(named: name) == nil {
      throw WorkbookError.usage("no note is called '\(name)'; 'workbook list' names them")
    }
    let workshop = Workshop(workspace, log: log, environment: environment) {
      example, note, isUnwanted, onOutput throws(WorkbookError) in
      try ExampleRun(
        example, executable: ownExecutable, isUnwanted: isUnwanted, onOutput: onOutput)
    }
    let makeReader = { (rows: Int, presentation: Presentation) in
      var reader = Reader(course, progress: progress, presentation: presentation, rows: rows)
      if let place { reader.go(to: place[0], step: place.dropFirst().first) }
      return reader
    }
    if !output.presentation.plain, isatty(STDIN_FILENO) == 1 {
      FullScreenReader.run(makeReader, workshop: workshop, presentation: output.presentation)
    } else {
      PlainReader.run(makeReader(24, output.presentation), workshop: workshop, output: output)
    }
  }
}
