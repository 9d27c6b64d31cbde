import NoteFormat
public import Terminal

/// The remarks after the run of an example.
public enum RunPage {
  /// The remarks on a run; empty if it succeeded with the output of the note.
  public static func lines(of run: ExampleRun, _ presentation: Presentation) -> [StyledText] {
    var lines: [StyledText] = []
    if let complaint = run.complaint {
      lines += message("\(run.example.id): \(complaint)", .failure, presentation)
      let rest = run.errorOutput.split(separator: "\n")
      if rest.count > 1 || !run.didCompile {
        for line in rest.prefix(20) {
          lines += presentation.prepared(StyledText(String(line), .muted)).wrapped(
            to: presentation.width, first: "  ", continuation: "    ")
        }
      }
    }
    if let problem = run.pictures.problem {
      lines += message(
        "\(run.example.id): \(problem), so what it shows stands here as text", .warning,
        presentation)
    }
    if !run.matchesOutput { lines += difference(of: run, presentation) }
    return lines
  }

  /// The difference between the note's output and the actual one, with ellipses filled in.
  public static func difference(
    of run: ExampleRun, _ presentation: Presentation
  ) -> [StyledText] {
    let promised = OutputPattern(run.example.output?.text ?? "").lines
    let printed = OutputPattern.lines(of: run.output)
    // A line with `[..]` that matches is not a difference, so it is replaced by the printed line.
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
    _ text: String, _ role: TextRole, _ presentation: Presentation
  ) -> [StyledText] {
    let symbols = presentation.symbols
    let symbol = role == .success ? symbols.success : symbols.failure
    return presentation.prepared(StyledText("\(symbol) ", role) + StyledText(text))
      .wrapped(to: presentation.proseWidth, continuation: "  ")
  }
}
