/// A question that the learner answers before reading on: a heading `### Question: …`.
public struct Question: Hashable, Sendable {
  public var title: [Inline]
  public var prompt: [Block]
  public var answer: Answer

  public enum Answer: Hashable, Sendable {
    /// One of two to five choices; `correct` counts from 1; a reason for each choice.
    case choice(choices: [[Block]], correct: Int, reasons: [[Block]])
    /// Words the learner types, compared after normalising.
    case typed(String, explanation: [Block])
    /// What an example prints.
    case run(Example.Reference, explanation: [Block])
  }
}

/// Something to write in Swift: a heading `### Exercise: …`.
public struct Exercise: Hashable, Sendable {
  /// The folder's name below `Exercises/`.
  public var id: String
  public var title: [Inline]
  public var task: [Block]
  /// A nudge, a pointer, nearly the answer.
  public var hints: [[Block]]
  /// Where the note links to the skeleton.
  public var position: SourcePosition
}
