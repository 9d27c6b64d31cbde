import ArgumentParser
import CommandOptions
import ExampleChild
import NoteExamples

/// Where the process starts that runs the notes' examples, and the tools that take protocols apart.
/// `workbook` starts it: with an example's id, or in its own place with its own arguments.
@main
enum Main {
  static func main() {
    openStandardStreams()
    let arguments = CommandLine.arguments
    // The child that runs an example needs no command parsing.
    if arguments.count == 3, arguments[1] == "run-example" { runExample(arguments[2]) }
    runProgram(Lab.self, Array(arguments.dropFirst()))
  }

  private static func runExample(_ id: String) -> Never {
    let example = compiledExamples.first { $0.id == id }
    runExampleAsChild { mute in
      guard let example else { throw NotBuilt(id: id) }
      try example.run(mute)
    }
  }

  /// The notes have changed since this program was built.
  private struct NotBuilt: Error, CustomStringConvertible {
    var id: String
    var description: String { "\(id) is not in this program; './workbook build' builds it anew" }
  }
}

struct Lab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook", abstract: "The part of the workbook that runs protocols.",
    subcommands: [
      DecodeCommand.self, DrillCommand.self, MatrixCommand.self, NATCommand.self,
      PairsCommand.self, StepExampleCommand.self,
    ])
}
