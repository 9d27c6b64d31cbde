public import Lessons
import NoteFormat
public import ProgramSupport
public import Terminal

extension Reader {
  /// A running example has printed something more.
  public mutating func printed(_ text: String, by id: String) {
    state.runs[id]?.output += text
    revealEndOfFocus()
  }

  /// An example has run to its end.
  public mutating func ran(_ run: ExampleRun) -> [Action] {
    let id = run.example.id
    var shown = state.runs[id] ?? PageState.Run()
    shown.isRunning = false
    shown.output = run.output
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

  /// The compiler has refused an example, as it should.
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

  /// An answer has been checked; `explained` may follow.
  public mutating func checked(_ verdict: Verdict) -> [Action] {
    var shown = state.exercises[verdict.exercise] ?? .init()
    shown.isChecking = false
    shown.isStarted = true
    shown.isPassed = shown.isPassed || verdict.passed
    let narrow = presentation.width(textWidth)
    shown.verdict =
      VerdictPage.lines(of: verdict, narrow) + [StyledText("  \(verdict.time)", .muted)]
    state.exercises[verdict.exercise] = shown
    revealEndOfFocus()
    return [
      .record(
        .checked(
          exercise: verdict.exercise, outcome: verdict.outcome.rawValue, seconds: verdict.seconds))
    ]
  }

  /// It is known by now which mistake is behind a verdict that was shown, if it is a known one.
  public mutating func explained(_ verdict: Verdict) {
    let lines = VerdictPage.mistake(of: verdict, presentation.width(textWidth))
    guard !lines.isEmpty else { return }
    state.exercises[verdict.exercise]?.verdict += lines
    revealEndOfFocus()
  }

  /// A check begins, asked for by a key or by a file that was saved.
  public mutating func beganChecking(_ exercise: String) {
    state.exercises[exercise, default: .init()].isChecking = true
  }

  /// The learner has a copy of an exercise's skeleton now.
  public mutating func started(_ exercise: String) {
    state.exercises[exercise, default: .init()].isStarted = true
  }

  /// A solution is to be shown, alone or beside the learner's answer.
  public mutating func solved(_ exercise: String, solution: String, beside answer: String?) {
    var shown = state.exercises[exercise] ?? .init()
    shown.solution = SolutionPage.lines(
      of: solution, beside: answer, presentation.width(textWidth))
    shown.comparesSolution = answer != nil
    state.exercises[exercise] = shown
    revealEndOfFocus()
  }

  /// Something could not be done.
  public mutating func failed(
    _ error: WorkbookError, exercise: String? = nil, example: String? = nil
  ) {
    if let exercise { state.exercises[exercise]?.isChecking = false }
    if let example { state.runs[example] = nil }
    message = StyledText(error.messages.first ?? "", .failure)
  }

  /// One line to be seen at the foot of the screen.
  public mutating func say(_ text: StyledText) {
    message = text
  }
}
