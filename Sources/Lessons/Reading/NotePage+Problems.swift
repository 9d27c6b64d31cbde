import NoteFormat
import Terminal

/// A note with an error: its text is read, its examples do not run, and it says why.
extension NotePage {
  private static let mostProblems = 5

  /// Adds what is wrong with the note, and what to do about it.
  mutating func addProblems() {
    guard !source.problems.isEmpty else { return }
    addWrapped(
      StyledText(
        "This note has an error, so its examples do not run. Mend it and start again:",
        .warning))
    for problem in source.problems.prefix(Self.mostProblems) {
      addWrapped(
        StyledText(problem.description, .failure), Margin(first: "  ", rest: "    "))
    }
    addBlank()
  }

  /// Adds what is wrong with an example, below its code.
  mutating func addProblems(of example: Example, _ margin: Margin) {
    let lines = example.code.range.lines
    let problems = source.problems.filter { lines.contains($0.position.line) }
    guard !problems.isEmpty else { return }
    addBlank()
    for problem in problems.prefix(Self.mostProblems) {
      addWrapped(
        StyledText("\(presentation.symbols.failure) line \(problem.position): ", .failure)
          + StyledText(problem.message), margin)
    }
  }
}
