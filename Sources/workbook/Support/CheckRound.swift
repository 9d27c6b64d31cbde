import Lessons
import Terminal

/// One answer checked, shown and recorded: what `check` and `watch` have in common.
struct CheckRound {
  let output: Writer
  let showsJSON: Bool
  let recorder: Recorder

  /// - Parameter answer: the file to check; nil for the learner's own.
  func check(_ folder: ExerciseFolder, answer: String? = nil) throws -> Verdict {
    let checker = try Checker(folder)
    var verdict = try checker.check(answer: answer)
    if !showsJSON {
      output.lines(VerdictPage.lines(of: verdict, output.presentation))
      output.line(StyledText("  \(verdict.time)", .muted))
      // The verdict is on the screen before it is known whether it is a known mistake.
      output.flush()
    }
    // Somebody else's answer is no progress of the learner's.
    if answer == nil {
      recorder.record(
        .checked(
          exercise: folder.id, outcome: verdict.outcome.rawValue, seconds: verdict.seconds))
    }
    try checker.explain(&verdict)
    if !showsJSON { output.lines(VerdictPage.mistake(of: verdict, output.presentation)) }
    output.flush()
    return verdict
  }
}
