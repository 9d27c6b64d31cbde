import NoteFormat
public import Terminal

/// The comparison of a learner's prediction with the output.
public struct PredictionPage: Sendable {
  private let predicted: [String]
  private let printed: [String]

  /// Compares a prediction with the output, ignoring spacing, case and empty lines.
  public init(prediction: String, printed: String) {
    let printed = Self.lines(printed)
    self.printed = printed
    predicted = Self.lines(prediction).enumerated().map { index, line in
      printed.indices.contains(index) && TypedAnswer(line) == TypedAnswer(printed[index])
        ? printed[index] : line
    }
  }

  private static func lines(_ text: String) -> [String] {
    var lines = OutputPattern.lines(of: text).map { line in
      String(line.reversed().drop { $0.isWhitespace }.reversed())
    }
    while lines.last == "" { lines.removeLast() }
    while lines.first == "" { lines.removeFirst() }
    return lines
  }

  /// Whether the prediction is right.
  public var isRight: Bool { predicted == printed }

  /// The comparison as lines.
  public func lines(_ presentation: Presentation) -> [StyledText] {
    if isRight {
      let mark = presentation.plain ? "" : presentation.symbols.success + " "
      return [StyledText(mark, .success) + "Just as you predicted."]
    }
    let same = zip(predicted, printed).count { $0 == $1 }
    let opening =
      same == 0
      ? "Not what you expected: that is where learning begins."
      : "\(same) of \(printed.count) lines as you predicted."
    return [StyledText(opening, .note)]
      + Difference(expected: predicted, actual: printed).lines(
        presentation, expected: "you", actual: "printed")
  }
}
