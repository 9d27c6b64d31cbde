import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import Terminal

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Say what an example will print, then run it and compare.",
    discussion: """
      Where the note asks about the output, answer that: in words, by a choice's number, or with a \
      text for each blank. A wrong answer shows nothing, so that you can try again; 'run' gives up \
      and shows the output. Else the whole output is predicted, up to an empty line or the end of \
      input, and compared line by line. The exit code is 0 where it is right and 1 where it is not.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(
    help: "The prediction; \\n stands for the end of a line, and | for what is between two blanks.")
  var prediction: String?

  @Argument(help: "The example's id, as the note shows it.", completion: Names.examples)
  var id: String

  func run() throws {
    let (note, example) = try NoteLibrary.compiled.anyExample(named: id)
    let workspace = try Workspace.current()
    let output = options.output()
    if let asked = example.prediction, !asked.isOfWholeOutput {
      return try answer(asked, of: example, in: note, output)
    }
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

  private static func run(_ example: Example) throws -> ExampleRun {
    let program = try OtherProgram.lab.path()
    try NoteLibrary.compiled.requireRunnable(example.id)
    return try ExampleRun(example, executable: program)
  }

  private func outcome(
    of example: Example, in note: Note, _ workspace: Workspace, _ presentation: Presentation
  ) throws -> (printed: String, isAsPromised: Bool, remarks: [StyledText]) {
    switch example.mode {
    case .runs:
      let run = try Self.run(example)
      return (run.output, run.isAsPromised, RunPage.lines(of: run, presentation))
    case .fails:
      _ = try OtherProgram.lab.path()
      let refused = try RefusedExample(example, in: note, workspace: workspace)
      return (refused.messages.map { $0 + "\n" }.joined(), refused.isAsPromised, [])
    }
  }
}

/// The result of a prediction, as printed by `predict --json`.
struct PredictionReport: Encodable {
  var example: String
  var prediction: String
  /// What was printed; nil after a wrong answer to a question, which can be tried again.
  var output: String?
  var right: Bool
  /// Whether the output is that of the note; nil if it did not run.
  var asPromised: Bool?
}

/// Answers to a question about the output, to a choice and to blanks.
extension PredictCommand {
  private func answer(
    _ asked: Prediction, of example: Example, in note: Note, _ output: Writer
  ) throws {
    var shown: [StyledText] = []
    if !format.json, prediction == nil {
      shown = page(of: example, in: note, PageState(), output.presentation)
      output.lines(shown)
      output.line()
    }
    guard let text = try prediction ?? read(asked, output) else {
      if !format.json { output.line("No prediction was given.") }
      output.flush()
      throw ExitCode(1)
    }
    let isRight = try asked.isMet(by: text)
    let recorder = Recorder(try .current())
    recorder.record(.predicted(id: id, prediction: text, right: isRight))
    var state = PageState()
    state.predictions[id] = .init(text: text, isRight: isRight)
    guard isRight else {
      if format.json {
        try output.json(PredictionReport(example: id, prediction: text, right: false))
      } else {
        output.lines(page(of: example, in: note, state, output.presentation), after: shown)
      }
      output.flush()
      throw ExitCode(1)
    }
    let run = try Self.run(example)
    recorder.record(.exampleRun(id: id, matched: run.isAsPromised))
    var ended = PageState.Run()
    ended.isRunning = false
    ended.output = run.output
    ended.pictures = run.pictures
    ended.remarks = RunPage.lines(of: run, output.presentation)
    state.runs[id] = ended
    if format.json {
      try output.json(
        PredictionReport(
          example: id, prediction: text, output: run.output, right: true,
          asPromised: run.isAsPromised))
    } else {
      output.lines(page(of: example, in: note, state, output.presentation), after: shown)
    }
    output.flush()
    guard run.isAsPromised else { throw ExitCode(1) }
  }

  /// The example as the note's page shows it, without the line on how to predict before a first try.
  private func page(
    of example: Example, in note: Note, _ state: PageState, _ presentation: Presentation
  ) -> [StyledText] {
    let page = NotePage.page(of: note, state: state, presentation)
    guard let item = page.items.first(where: { $0.item == .example(id) }) else { return [] }
    var lines = Array(page.lines[item.lines])
    func dropBlanks() { while lines.last?.isEmpty == true { lines.removeLast() } }
    dropBlanks()
    guard state.predictions.isEmpty else { return lines }
    while lines.last?.isEmpty == false { lines.removeLast() }
    dropBlanks()
    return lines
  }

  /// Reads an answer, or a line for each blank, from standard input; nil if there is none.
  private func read(_ asked: Prediction, _ output: Writer) throws -> String? {
    guard case .blanks(let texts) = asked.form, texts.count > 1 else {
      if !format.json { Input.prompt("Your prediction: ", output) }
      return Input.line()
    }
    var parts: [String] = []
    for number in 1...texts.count {
      if !format.json {
        Input.prompt("\(Prediction.mark(ofBlank: number, of: texts.count)): ", output)
      }
      guard let line = Input.line() else { break }
      // All of them may stand on one line.
      if parts.isEmpty, line.contains("|") { return line }
      parts.append(line)
    }
    return parts.isEmpty ? nil : parts.joined(separator: " | ")
  }
}
