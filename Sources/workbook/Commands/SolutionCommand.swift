import ArgumentParser
import CommandOptions
import Lessons
import Terminal

struct SolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solution",
    abstract: "See an exercise's solution, once you passed it or asked twice.",
    discussion: "The exit code is 1 where the solution is not shown yet.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Show the difference between the solution and your answer.")
  var compare = false

  @Argument(help: "The exercise's id.", completion: Names.exercises)
  var exercise: String

  func run() throws {
    let workspace = try Workspace.current()
    let folder = try ExerciseFolder(exercise, in: workspace)
    let answer = compare ? try folder.answerText() : nil
    let recorder = Recorder(workspace)
    let progress = recorder.progress()
    let output = options.output()
    var mayBeShown = progress.isPassed(exercise)
    if !mayBeShown {
      // If requests cannot be recorded, the solution is shown at once.
      let isCounted = recorder.record(.solutionAsked(exercise: exercise))
      mayBeShown = progress.solutionAsks(exercise) >= 1 || !isCounted
    }
    let solution = mayBeShown ? try folder.solutionText() : nil
    if mayBeShown { recorder.record(.solutionSeen(exercise: exercise)) }
    if format.json {
      try output.json(
        SolutionReport(exercise: exercise, shown: mayBeShown, solution: solution, answer: answer))
    } else if let solution {
      output.lines(SolutionPage.lines(of: solution, beside: answer, output.presentation))
    } else {
      refuse(hintsTaken: progress.hintsTaken(exercise), output)
    }
    output.flush()
    guard mayBeShown else { throw ExitCode(1) }
  }

  private func refuse(hintsTaken: Int, _ output: Writer) {
    let hint =
      hintsTaken < 3
      ? StyledText("A hint may be all you need: ")
        + StyledText("./workbook hint \(exercise)", .key) + StyledText(". ")
      : ""
    let text =
      StyledText("You have not passed this exercise yet. ") + hint
      + StyledText("Ask once more to see the solution all the same.")
    output.lines(text.wrapped(to: output.presentation.proseWidth))
  }
}

/// A solution, or the fact that it is not shown yet, as printed by `solution --json`.
struct SolutionReport: Encodable {
  var exercise: String
  var shown: Bool
  var solution: String?
  var answer: String?
}
