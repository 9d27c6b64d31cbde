import ArgumentParser
import CommandOptions
import Lessons
import ProgramSupport
import Terminal

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check your answer to an exercise.",
    discussion: "With no exercise named, the answer you changed last is checked.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(help: "Check this file instead of the one in answers/.")
  var answer: String?

  @Flag(help: "Check every answer there is.")
  var all = false

  @Argument(help: "The exercise's id.", completion: Names.exercises)
  var exercise: String?

  func validate() throws {
    if all, exercise != nil || answer != nil {
      throw ValidationError("--all checks every answer; leave out the exercise and --answer")
    }
    if answer != nil, exercise == nil {
      throw ValidationError("--answer needs the exercise that it answers: check EX --answer FILE")
    }
  }

  func run() throws {
    let workspace = try Workspace.current()
    let output = options.output()
    var verdicts: [Verdict] = []
    let exercises = try exercises(in: workspace)
    _ = try OtherProgram.lab.path()
    let round = CheckRound(
      output: output, showsJSON: format.json, recorder: Recorder(workspace))
    for (index, folder) in exercises.enumerated() {
      if index > 0, !format.json { output.line() }
      verdicts.append(try round.check(folder, answer: try answer.map { try absolutePath($0) }))
    }
    if format.json {
      if all {
        try output.json(VerdictsReport(verdicts: verdicts))
      } else {
        try output.json(verdicts[0])
      }
    } else if all {
      let passed = verdicts.count { $0.passed }
      output.line()
      output.line("\(passed) of \(verdicts.count) answers pass.")
    }
    output.flush()
    if let bad = verdicts.first(where: { !$0.passed }) {
      throw ExitCode(bad.outcome == .timedOut ? 75 : 1)
    }
  }

  private func exercises(in workspace: Workspace) throws -> [ExerciseFolder] {
    if let exercise { return [try ExerciseFolder(exercise, in: workspace)] }
    let answered = try ExerciseFolder.answered(in: workspace)
    guard !answered.isEmpty else {
      throw WorkbookError.missing(
        "there is no answer yet", remedy: "'./workbook start EXERCISE' begins one")
    }
    return all ? answered : Array(answered.prefix(1))
  }
}

/// The verdicts on all answers, as printed by `check --all --json`.
struct VerdictsReport: Encodable {
  var verdicts: [Verdict]
}
