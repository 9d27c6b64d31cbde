import NoteFormat
public import Terminal

/// A learner's prediction beside what came.
public struct PredictionPage: Sendable {
  private let predicted: [String]
  private let printed: [String]

  /// Blanks at the ends of lines and empty lines at the end are nobody's mistake.
  public init(prediction: String, printed: String) {
    predicted = Self.lines(prediction)
    self.printed = Self.lines(printed)
  }

  private static func lines(_ text: String) -> [String] {
    var lines = OutputPattern.lines(of: text).map { line in
      String(line.reversed().drop { $0.isWhitespace }.reversed())
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  public var isRight: Bool { predicted == printed }

  public func lines(_ presentation: Presentation) -> [StyledText] {
    if isRight {
      return [StyledText("\(presentation.symbols.success) ", .success) + "Just as you predicted."]
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
