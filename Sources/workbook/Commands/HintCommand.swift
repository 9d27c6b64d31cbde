import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct HintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hint", abstract: "Get the next hint for an exercise.",
    discussion: "Hints come one by one. A number shows one that you have had already again.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The exercise's id.", completion: Names.exercises)
  var exercise: String

  @Argument(help: "The hint to show again, counted from 1.")
  var number: Int?

  func run() throws {
    let (note, _, found) = try NoteLibrary.compiled.course().exercise(named: exercise)
    let recorder = Recorder(try .current())
    let taken = recorder.progress().hintsTaken(exercise)
    let number = number ?? min(taken + 1, found.hints.count)
    guard found.hints.indices.contains(number - 1), number <= taken + 1 else {
      throw WorkbookError.usage(
        number > taken + 1 && number <= found.hints.count
          ? "hint \(number) comes after hint \(taken + 1)"
          : "'\(exercise)' has hints 1 to \(found.hints.count)")
    }
    recorder.record(.hint(exercise: exercise, number: number))
    let output = options.output()
    let lines = { NotePage.lines(of: found.hints[number - 1], in: note, $0) }
    let left = found.hints.count - max(number, taken)
    if format.json {
      let text = lines(Presentation()).map(\.text).joined(separator: "\n")
      try output.json(HintReport(exercise: exercise, number: number, text: text, left: left))
    } else {
      output.line(StyledText("Hint \(number) of \(found.hints.count)", .subheading))
      output.line()
      output.lines(lines(output.presentation))
      output.line()
      output.line(Self.outlook(left: left, exercise))
    }
    output.flush()
  }

  private static func outlook(left: Int, _ exercise: String) -> StyledText {
    switch left {
    case 0:
      StyledText("That was the last one. If it does not help: ", .muted)
        + StyledText("./workbook solution \(exercise)", .key)
    case 1: StyledText("One more is left.", .muted)
    default: StyledText("\(left) more are left.", .muted)
    }
  }
}

/// A hint, as printed by `hint --json`.
struct HintReport: Encodable {
  var exercise: String
  var number: Int
  var text: String
  var left: Int
}
