import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import Terminal

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Say what an example will print, then run it and compare.",
    discussion: """
      The prediction is read from standard input, up to an empty line or the end of input. The exit \
      code is 0 where it is right and 1 where it is not.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(help: "The prediction; \\n stands for the end of a line.")
  var prediction: String?

  @Argument(help: "The example's id, as the note shows it.", completion: Names.examples)
  var id: String

  func run() throws {
    let (note, example) = try NoteLibrary.compiled.anyExample(named: id)
    let workspace = try Workspace.current()
    let output = options.output()
    if !format.json { show(example, in: note, output) }
    guard let prediction = prediction?.replacing("\\n", with: "\n") ?? Input.lines() else {
      if !format.json { output.line("No prediction was given.") }
      output.flush()
      throw ExitCode(1)
    }
    let (printed, isAsPromised, remarks) = try outcome(
      of: example, in: note, workspace, output.presentation)
    let comparison = PredictionPage(prediction: prediction, printed: printed)
    let recorder = Recorder(workspace)
    recorder.record(
      .exampleRun(id: id, matched: isAsPromised),
      .predicted(id: id, prediction: prediction, right: comparison.isRight))
    if format.json {
      try output.json(
        PredictionReport(
          example: id, prediction: prediction, output: printed, right: comparison.isRight,
          asPromised: isAsPromised))
    } else {
      output.line()
      output.line(StyledText(example.mode == .fails ? "The compiler says" : "It prints", .muted))
      output.line()
      output.lines(OutputPattern.lines(of: printed).map { StyledText("    " + $0) })
      output.lines(remarks)
      output.line()
      output.lines(comparison.lines(output.presentation))
    }
    output.flush()
    guard comparison.isRight, isAsPromised else { throw ExitCode(1) }
  }

  private func show(_ example: Example, in note: Note, _ output: Writer) {
    var title = StyledText("Example ", .muted) + StyledText(example.id, .label, emphasis: .bold)
    if let after = example.after { title += StyledText(" continues \(after.name)", .muted) }
    output.line(title + StyledText(", from \(note.slug)", .muted))
    output.line()
    output.lines(SwiftLexer.highlight(example.code.text.trimmingLineFeeds).map { "    " + $0 })
    output.line()
    guard prediction == nil else { return }
    Input.prompt("What will it print? An empty line ends your prediction.\n", output)
  }

  private func outcome(
    of example: Example, in note: Note, _ workspace: Workspace, _ presentation: Presentation
  ) throws -> (printed: String, isAsPromised: Bool, remarks: [StyledText]) {
    switch example.mode {
    case .runs:
      _ = try NoteLibrary.compiled.example(named: id)
      let run = try ExampleRun(example, executable: ownExecutable)
      return (run.output, run.isAsPromised, RunPage.lines(of: run, presentation))
    case .fails:
      let refused = try RefusedExample(example, in: note, workspace: workspace)
      return (refused.messages.map { $0 + "\n" }.joined(), refused.isAsPromised, [])
    }
  }
}

/// The result of a prediction, as printed by `predict --json`.
struct PredictionReport: Encodable {
  var example: String
  var prediction: String
  var output: String
  var right: Bool
  var asPromised: Bool
}
