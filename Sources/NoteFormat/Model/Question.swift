/// A question that the learner answers before reading on: a heading `### Question: …`.
public struct Question: Hashable, Sendable {
  /// The heading's text after `Question:`.
  public var title: [Inline]
  /// The blocks between the heading and the choices or the answer.
  public var prompt: [Block]
  /// The correct answer.
  public var answer: Answer

  /// The kinds of answer that a question can ask for.
  public enum Answer: Hashable, Sendable {
    /// One of two to five choices, each with a reason; `correct` is counted from 1.
    case choice(choices: [[Block]], correct: Int, reasons: [[Block]])
    /// Text that the learner types, compared after normalizing.
    case typed(String, explanation: [Block])
    /// The output of an example.
    case run(Example.Reference, explanation: [Block])
  }
}

/// A task to solve in Swift: a heading `### Exercise: …`.
public struct Exercise: Hashable, Sendable {
  /// The name of the exercise's folder in `Exercises/`.
  public var id: String
  /// The heading's text after `Exercise:`.
  public var title: [Inline]
  /// The blocks that describe the task.
  public var task: [Block]
  /// Three hints, each more explicit than the one before.
  public var hints: [[Block]]
  /// The position of the note's link to the exercise's skeleton.
  public var position: SourcePosition
}
