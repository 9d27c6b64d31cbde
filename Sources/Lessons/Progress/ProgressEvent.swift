/// Something that a learner did, as it is recorded: one line of the progress file.
public enum ProgressEvent: Hashable, Sendable {
  /// A step was shown; `digest` is that of its text at the time, `step` its anchor.
  case stepRead(note: String, step: String, digest: String)
  /// Where the learner is, to come back to.
  case place(note: String, step: String)
  /// `matched` says whether the example printed what its note says.
  case exampleRun(id: String, matched: Bool)
  case predicted(id: String, prediction: String, right: Bool)
  /// `question` is `note#step/number`, the number counted from 1 within the step.
  case answered(question: String, answer: String, right: Bool)
  case started(exercise: String)
  /// `outcome` is a `Verdict.Outcome`'s raw value.
  case checked(exercise: String, outcome: String, seconds: Double)
  /// A hint was shown, counted from 1.
  case hint(exercise: String, number: Int)
  /// The solution was asked for before the exercise was passed.
  case solutionAsked(exercise: String)
  case solutionSeen(exercise: String)
  /// An answer was put back to the skeleton; nil for all of them.
  case reset(exercise: String?)
}
