import NoteFormat
public import Terminal

/// What the learner's copy of an example has printed, beside what the note says.
public enum PlayPage {
  /// The lines of a run of a copy.
  public static func lines(of run: ExampleRun, _ presentation: Presentation) -> [StyledText] {
    guard run.didCompile else {
      let messages = CompilerMessages(run.errorOutput)
      var lines = messages.first.prefix(14).flatMap { line in
        presentation.prepared(StyledText(line)).wrapped(to: presentation.width).prefix(2)
      }
      if messages.otherErrors > 0 {
        lines.append(StyledText("and \(messages.otherErrors) more", .muted))
      }
      return lines + RunPage.message("your copy does not compile", .failure, presentation)
    }
    let printed = OutputPattern.lines(of: run.output)
    let narrower = presentation.width(max(1, presentation.width - 4))
    let shown = OutputPattern.lines(of: run.printed(on: narrower)).map { StyledText("    " + $0) }
    var lines: [StyledText] = []
    if let expected = run.example.output?.text {
      if run.matchesOutput {
        lines = shown
        lines += RunPage.message("your copy prints the same as the note", .success, presentation)
      } else {
        lines = Difference(expected: OutputPattern(expected).lines, actual: printed).lines(
          presentation, expected: "the note", actual: "your copy")
      }
    } else {
      lines = shown
    }
    if let complaint = run.complaint {
      lines += RunPage.message("your copy: \(complaint)", .failure, presentation)
    }
    return lines
  }
}
