import Lessons
import Terminal

/// Checks an answer, prints the verdict and records it, for `check` and `watch`.
struct CheckRound {
  let output: Writer
  let showsJSON: Bool
  let recorder: Recorder

  /// Checks an answer.
  ///
  /// - Parameters:
  ///   - answer: the file to check; nil for the learner's answer.
  ///   - waiting: the programs that were started ahead of it; nil if there are none.
  func check(
    _ folder: ExerciseFolder, answer: String? = nil, with waiting: WaitingPrograms? = nil
  ) throws -> Verdict {
    let checker = try Checker(folder)
    var verdict = try checker.check(answer: answer, with: waiting)
    if !showsJSON {
      output.lines(VerdictPage.lines(of: verdict, output.presentation))
      output.line(StyledText("  \(verdict.time)", .muted))
      // The verdict is printed first, because finding a known mistake can take longer.
      output.flush()
    }
    // Checking another file is not progress of the learner.
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
