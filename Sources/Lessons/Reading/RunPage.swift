import NoteFormat
public import Terminal

/// What is said after an example has run.
public enum RunPage {
  /// Nothing where all is as the note says and it went without a word.
  public static func lines(of run: ExampleRun, _ presentation: Presentation) -> [StyledText] {
    var lines: [StyledText] = []
    if let complaint = run.complaint {
      lines += message("\(run.example.id): \(complaint)", .failure, presentation)
      let rest = run.errorOutput.split(separator: "\n")
      if rest.count > 1 { lines += rest.prefix(20).map { StyledText("  " + $0, .muted) } }
    }
    if !run.matchesOutput { lines += difference(of: run, presentation) }
    return lines
  }

  /// The lines that differ from what the note says, ellipses taken for what they stand for.
  public static func difference(
    of run: ExampleRun, _ presentation: Presentation
  ) -> [StyledText] {
    let promised = OutputPattern(run.example.output?.text ?? "").lines
    let printed = OutputPattern.lines(of: run.output)
    // A line with `[..]` that fits is no difference, so it is compared as what was printed.
    let expected = promised.enumerated().map { index, line in
      printed.indices.contains(index) && OutputPattern.line(line, matches: printed[index])
        ? printed[index] : line
    }
    return message(
      "\(run.example.id) prints something else than the note says", .failure, presentation)
      + Difference(expected: expected, actual: printed).lines(
        presentation, expected: "the note", actual: "printed")
  }

  static func message(
    _ text: String, _ role: Role, _ presentation: Presentation
  ) -> [StyledText] {
    let symbols = presentation.symbols
    let symbol = role == .success ? symbols.success : symbols.failure
    return presentation.prepared(StyledText("\(symbol) ", role) + StyledText(text))
      .wrapped(to: presentation.proseWidth, continuation: "  ")
  }
}
