import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import ProgramSupport
import Reader
import Terminal

struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "Change a copy of an example, and run it beside the note.",
    discussion: """
      The copy is answers/play/ID.swift, with the code that the example continues. In a terminal it is \
      opened in your editor: $VISUAL, $EDITOR, else nano or vi. Then it is run, and \
      what it prints is shown beside what the note says. Nothing of this is progress.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Begin with a fresh copy, and keep yours as a backup.")
  var reset = false

  @Argument(help: "The example's id, as the note shows it.", completion: Names.examples)
  var id: String

  func run() throws {
    let workspace = try Workspace.current()
    let (note, example) = try NoteLibrary.compiled.anyExample(named: id)
    let playground = Playground(example, in: note, workspace: workspace)
    let output = options.output()
    var backup: String?
    if reset { backup = try playground.reset() } else { try playground.start() }
    if !format.json {
      if let backup { output.line("What you had is kept as \(workspace.display(backup)).") }
      output.line("Your copy is \(workspace.display(playground.path)).")
      output.flush()
      edit(playground, workspace)
    }
    _ = try OtherProgram.lab.path()
    let run = try playground.run()
    if format.json {
      try output.json(RunReport(run))
    } else {
      output.line()
      output.lines(PlayPage.lines(of: run, output.presentation))
    }
    output.flush()
    guard run.didCompile, run.endedWell else { throw ExitCode(run.ending == .timedOut ? 75 : 1) }
  }

  /// Opens the editor if there is a terminal and an editor.
  private func edit(_ playground: Playground, _ workspace: Workspace) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return }
    let environment = processEnvironment()
    let workshop = Workshop(
      workspace, log: ProgressLog(workspace, environment: environment), environment: environment,
      makeReady: Laboratory.makeReady, runExample: Laboratory.runExample)
    if let editor = workshop.editor { _ = workshop.edit(playground, with: editor) }
  }
}
