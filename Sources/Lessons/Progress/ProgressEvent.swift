/// A recorded action of the learner: one line of the progress file.
public enum ProgressEvent: Hashable, Sendable {
  /// A step was shown; `step` is its anchor and `digest` the digest of its text at the time.
  case stepRead(note: String, step: String, digest: String)
  /// The learner moved to a step, where the reader opens next time.
  case place(note: String, step: String)
  /// An example was run; `matched` says whether its output was as in the note.
  case exampleRun(id: String, matched: Bool)
  /// The output of an example was predicted.
  case predicted(id: String, prediction: String, right: Bool)
  /// A question was answered; `question` is `note#step/number`, counted from 1 within the step.
  case answered(question: String, answer: String, right: Bool)
  /// An exercise was started.
  case started(exercise: String)
  /// An answer was checked; `outcome` is the raw value of a `Verdict.Outcome`.
  case checked(exercise: String, outcome: String, seconds: Double)
  /// A hint was shown, counted from 1.
  case hint(exercise: String, number: Int)
  /// The solution was requested before the exercise was passed.
  case solutionAsked(exercise: String)
  /// The solution was shown.
  case solutionSeen(exercise: String)
  /// A cause of a drill's failed call was chosen, counted from 1.
  case causeChosen(drill: String, number: Int, right: Bool)
  /// A fix of a drill's failed call was chosen, counted from 1.
  case fixChosen(drill: String, number: Int, right: Bool)
  /// An answer was replaced by the skeleton; nil for all answers.
  case reset(exercise: String?)
}
