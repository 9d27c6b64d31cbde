import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import ProgramSupport

/// The entry point: turns errors into one line each and an exit code.
@main
enum Main {
  static func main() {
    openStandardStreams()
    let arguments = CommandLine.arguments
    // The process that prepares the first check of an exercise needs no command parsing.
    if arguments.count == 3, arguments[1] == ExerciseFolder.preparationCommand {
      prepare(arguments[2])
    }
    runProgram(Workbook.self, namingFirstCommand(Array(arguments.dropFirst())))
  }

  private static func prepare(_ exercise: String) -> Never {
    try? Laboratory.makeReady(isUnwanted: { false }, onProgress: { _ in })
    try? Checker(ExerciseFolder(exercise, in: Workspace.current())).prepare()
    exit(0)
  }

  /// The arguments with the default command added: on a terminal, `workbook` opens the reader.
  private static func namingFirstCommand(_ arguments: [String]) -> [String] {
    let looks = ["--plain", "--color"]
    guard arguments.allSatisfy({ argument in looks.contains { argument.hasPrefix($0) } }) else {
      return arguments
    }
    let hasTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    return [hasTerminal ? "reader" : "list"] + arguments
  }
}

struct Workbook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook",
    abstract: "A workbook on NAT, STUN, TURN and ICE that runs.",
    discussion:
      "With no arguments it opens the reader, or lists the notes where there is no terminal.",
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(
        name: "Learn",
        subcommands: [
          ReaderCommand.self, ListCommand.self, ReadCommand.self, RunCommand.self,
          PlayCommand.self,
          PredictCommand.self, AnswerCommand.self, ReviewCommand.self, StartCommand.self,
          CheckCommand.self,
          WatchCommand.self, HintCommand.self, SolutionCommand.self, ResetCommand.self,
          ProgressCommand.self, SearchCommand.self, GlossaryCommand.self, CheatSheetCommand.self,
          DrillCommand.self, OpenCommand.self,
        ]),
      CommandGroup(
        name: "Tools",
        subcommands: [
          DecodeCommand.self, NATCommand.self, MatrixCommand.self, PairsCommand.self,
          ServeCommand.self, GatherCommand.self, DiscoverCommand.self, ConnectCommand.self,
          CallCommand.self,
          DoctorCommand.self,
        ]),
      CommandGroup(
        name: "Author",
        subcommands: [
          NotesCommand.self, NewCommand.self, ExportCommand.self, ManualCommand.self,
        ]),
    ])
}
