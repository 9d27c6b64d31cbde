public import Terminal

/// The page that shows the solution of an exercise.
public enum SolutionPage {
  /// The lines of the solution.
  ///
  /// - Parameter answer: the answer to compare it with; nil for the solution alone.
  public static func lines(
    of solution: String, beside answer: String? = nil, _ presentation: Presentation
  ) -> [StyledText] {
    guard let answer else {
      // The final line feed would produce an empty line.
      return SwiftLexer.highlight(solution.hasSuffix("\n") ? String(solution.dropLast()) : solution)
    }
    let difference = Difference(expected: solution, actual: answer)
    guard !difference.isEmpty else { return ["Your answer is the solution, letter by letter."] }
    return difference.lines(presentation, expected: "solution", actual: "your answer")
  }
}
