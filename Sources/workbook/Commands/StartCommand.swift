import ArgumentParser
import CommandOptions
import Lessons
import Terminal

struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Put an exercise's skeleton into answers/, to be filled in.",
    discussion: "An answer that is there already is never overwritten.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The exercise's id.", completion: Names.exercises)
  var exercise: String

  func run() throws {
    let workspace = try Workspace.current()
    let folder = try ExerciseFolder(exercise, in: workspace)
    let isNew = try folder.start()
    if isNew { Recorder(workspace).record(.started(exercise: exercise)) }
    let output = options.output()
    let path = workspace.display(folder.answer)
    if format.json {
      try output.json(StartReport(exercise: exercise, answer: path, isNew: isNew))
    } else {
      output.line(
        isNew
          ? "Your copy is " + StyledText(path, .link) + "."
          : "You have an answer already: " + StyledText(path, .link) + ". It stays as it is.")
      output.line(
        "Write your answer there, then: " + StyledText("./workbook check \(exercise)", .key))
    }
    output.flush()
    folder.prepareInBackground()
  }
}

struct StartReport: Encodable {
  var exercise: String
  var answer: String
  var isNew: Bool
}
