import ArgumentParser
import CommandOptions
import Lessons
import Terminal

struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Begin an exercise anew, and keep your answer as a backup.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Begin every exercise anew.")
  var all = false

  @Argument(help: "The exercise's id.", completion: Names.exercises)
  var exercise: String?

  func validate() throws {
    if all == (exercise != nil) {
      throw ValidationError("name the exercise to begin anew, or give --all")
    }
  }

  func run() throws {
    let workspace = try Workspace.current()
    let folders: [ExerciseFolder]
    if let exercise {
      folders = [try ExerciseFolder(exercise, in: workspace)]
    } else {
      folders = try ExerciseFolder.answered(in: workspace)
    }
    var reset: [ResetReport.Entry] = []
    for folder in folders {
      let backup = try folder.reset()
      reset.append(.init(exercise: folder.id, backup: backup.map(workspace.display)))
    }
    Recorder(workspace).record(.reset(exercise: exercise))
    let output = options.output()
    if format.json {
      try output.json(ResetReport(reset: reset))
    } else {
      for entry in reset { output.line(Self.line(of: entry)) }
      if reset.isEmpty { output.line("There is no answer to begin anew.") }
    }
    output.flush()
  }

  private static func line(of entry: ResetReport.Entry) -> StyledText {
    let name = StyledText(entry.exercise, .label)
    guard let backup = entry.backup else {
      return name + StyledText(": there was nothing of yours to keep.")
    }
    return name + StyledText(": begun anew; your answer is kept as ") + StyledText(backup, .link)
      + StyledText(".")
  }
}

/// The exercises that were reset, as printed by `reset --json`.
struct ResetReport: Encodable {
  struct Entry: Encodable {
    var exercise: String
    /// The backup of the answer; nil if there was no answer.
    var backup: String?
  }

  var reset: [Entry]
}
