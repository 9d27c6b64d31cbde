public import Lessons
public import NoteFormat
public import ProgramSupport
public import Terminal

extension Reader {
  /// A running example has printed more output.
  public mutating func printed(_ text: String, by id: String) {
    state.runs[id]?.output += text
    revealEndOfFocus()
  }

  /// An example has ended.
  public mutating func ran(_ run: ExampleRun) -> [Action] {
    let id = run.example.id
    var shown = state.runs[id] ?? PageState.Run()
    shown.isRunning = false
    shown.output = run.output
    shown.pictures = run.pictures
    shown.remarks = RunPage.lines(of: run, presentation.width(textWidth))
    var actions: [Action] = [.record(.exampleRun(id: id, matched: run.isAsPromised))]
    if let prediction = shown.prediction {
      let comparison = PredictionPage(prediction: prediction, printed: run.output)
      if !shown.remarks.isEmpty { shown.remarks.append("") }
      shown.remarks += comparison.lines(presentation.width(textWidth))
      actions.append(
        .record(.predicted(id: id, prediction: prediction, right: comparison.isRight)))
    }
    state.runs[id] = shown
    revealEndOfFocus()
    return actions
  }

  /// An example that must not compile has been compiled.
  public mutating func refused(_ refused: RefusedExample) {
    var shown = PageState.Run()
    shown.isRunning = false
    shown.output = refused.messages.map { $0 + "\n" }.joined()
    state.runs[refused.example.id] = shown
    revealEndOfFocus()
  }

  /// The learner stopped an example.
  public mutating func stopped(_ id: String) {
    state.runs[id]?.isRunning = false
    state.runs[id]?.remarks = [StyledText("Stopped.", .warning)]
  }

  /// The learner's copy of an example is being compiled and run.
  public mutating func beganPlaying(_ example: String) {
    state.plays[example] = []
    revealEndOfFocus()
  }

  /// The learner's copy of an example has ended; nothing of it is recorded.
  public mutating func played(_ run: ExampleRun) {
    state.plays[run.example.id] = PlayPage.lines(of: run, presentation.width(textWidth))
    revealEndOfFocus()
  }

  /// The learner's copy of an example is as in the note again, and the changed one has another name.
  public mutating func resetPlay(of example: Example, keeping backup: String) {
    message = "Your copy of \(example.id) is as in the note again; yours is kept as \(backup)."
  }

  /// The learner has stepped through an example's packets, or could not.
  public mutating func stepped(through example: Example, _ end: Workshop.SteppingEnd) {
    switch end {
    case .stepped: break
    case .notTheCourse: message = "Only examples of the course can be stepped through."
    case .nothingShown:
      message = StyledText("\(example.id) has shown no network in which anything happened.")
    case .timedOut:
      message = StyledText("\(example.id) was stopped after its time limit.", .failure)
    case .failed:
      message = StyledText(
        "\(example.id) ended before there was anything to step through; r runs it.", .failure)
    }
  }

  /// The run of a copy was given up.
  public mutating func forgetPlay(of example: String) {
    state.plays[example] = nil
  }

  /// An answer has been checked; a call of `explained` may follow.
  public mutating func checked(_ verdict: Verdict) -> [Action] {
    var shown = state.exercises[verdict.exercise] ?? .init()
    shown.isChecking = false
    shown.isStarted = true
    shown.isPassed = shown.isPassed || verdict.passed
    let narrow = presentation.width(textWidth)
    shown.verdict =
      VerdictPage.lines(of: verdict, narrow) + [StyledText("  \(verdict.time)", .muted)]
    state.exercises[verdict.exercise] = shown
    reveal(verdict)
    return [
      .record(
        .checked(
          exercise: verdict.exercise, outcome: verdict.outcome.rawValue, seconds: verdict.seconds))
    ]
  }

  /// The search for a known mistake behind the last verdict has ended.
  public mutating func explained(_ verdict: Verdict) {
    let lines = VerdictPage.mistake(of: verdict, presentation.width(textWidth))
    guard !lines.isEmpty else { return }
    state.exercises[verdict.exercise]?.verdict += lines
    reveal(verdict)
  }

  /// Scrolls to the check that is to be worked on, with as much below it as fits.
  private mutating func reveal(_ verdict: Verdict) {
    guard let index = verdict.firstFailureIndex else {
      revealEndOfFocus()
      return
    }
    revealFocus(from: "\(index + 1). \(verdict.checks[index].name.prefix(24))")
  }

  /// A check has begun, because of a key or a saved file.
  public mutating func beganChecking(_ exercise: String) {
    state.exercises[exercise, default: .init()].isChecking = true
  }

  /// The learner stopped a check.
  public mutating func stoppedChecking(_ exercise: String) {
    state.exercises[exercise]?.isChecking = false
    message = "Stopped."
  }

  /// The skeleton of an exercise has been copied to the answers.
  public mutating func started(_ exercise: String) {
    state.exercises[exercise, default: .init()].isStarted = true
  }

  /// A solution has been loaded, to be shown alone or compared with the learner's answer.
  public mutating func solved(_ exercise: String, solution: String, beside answer: String?) {
    var shown = state.exercises[exercise] ?? .init()
    shown.solution = SolutionPage.lines(
      of: solution, beside: answer, presentation.width(textWidth))
    shown.comparesSolution = answer != nil
    state.exercises[exercise] = shown
    revealEndOfFocus()
  }

  /// An action has failed.
  public mutating func failed(
    _ error: WorkbookError, exercise: String? = nil, example: String? = nil
  ) {
    if let exercise { state.exercises[exercise]?.isChecking = false }
    if let example {
      state.runs[example] = nil
      state.plays[example] = nil
    }
    message = StyledText(error.messages.first ?? "", .failure)
  }

  /// Shows one line at the bottom of the screen.
  public mutating func say(_ text: StyledText) {
    message = text
  }
}
