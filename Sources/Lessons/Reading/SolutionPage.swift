public import Terminal

/// An exercise's solution as a learner sees it.
public enum SolutionPage {
  /// - Parameter answer: what to show it beside, with what differs marked; nil for the solution
  ///   alone.
  public static func lines(
    of solution: String, beside answer: String? = nil, _ presentation: Presentation
  ) -> [StyledText] {
    guard let answer else {
      // The line feed at its end would be a line of its own.
      return SwiftLexer.highlight(solution.hasSuffix("\n") ? String(solution.dropLast()) : solution)
    }
    let difference = Difference(expected: solution, actual: answer)
    guard !difference.isEmpty else { return ["Your answer is the solution, letter by letter."] }
    return difference.lines(presentation, expected: "solution", actual: "your answer")
  }
}
