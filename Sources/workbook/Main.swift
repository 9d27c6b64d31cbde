import ArgumentParser
import Glibc
import Lessons
import ProgramSupport
import Terminal

/// Where the process starts: one place that turns errors into one clear line and an exit code.
@main
enum Main {
  static func main() {
    let arguments = CommandLine.arguments
    // The child that runs one example does nothing else, so it need not know any command.
    if arguments.count == 3, arguments[1] == ExampleRun.command {
      ExampleRun.runAsChild(arguments[2], in: .compiled)
    }
    // Nor does the process that prepares an exercise's first check.
    if arguments.count == 3, arguments[1] == ExerciseFolder.preparationCommand {
      prepare(arguments[2])
    }
    do {
      var command = try Workbook.parseAsRoot(
        namingFirstCommand(Array(arguments.dropFirst())))
      try command.run()
    } catch let error as WorkbookError {
      let errors = Writer(
        descriptor: STDERR_FILENO,
        presentation: Presentation(descriptor: STDERR_FILENO, environment: processEnvironment()))
      for message in error.messages { errors.line(prefix(of: error) + StyledText(message)) }
      errors.flush()
      exit(error.exitCode)
    } catch {
      Workbook.exit(withError: error)
    }
  }

  private static func prepare(_ exercise: String) -> Never {
    try? Checker(ExerciseFolder(exercise, in: Workspace.current())).prepare()
    exit(0)
  }

  /// What 'workbook' does with no command: where somebody sits at a terminal it opens the reader.
  private static func namingFirstCommand(_ arguments: [String]) -> [String] {
    let looks = ["--plain", "--color"]
    guard arguments.allSatisfy({ argument in looks.contains { argument.hasPrefix($0) } }) else {
      return arguments
    }
    let hasTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    return [hasTerminal ? "reader" : "list"] + arguments
  }

  /// A problem's line starts with its file, as editors like it; the others say who speaks.
  private static func prefix(of error: WorkbookError) -> StyledText {
    if case .badData = error { "" } else { StyledText("workbook: ", .failure) }
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
          PredictCommand.self, AnswerCommand.self, StartCommand.self, CheckCommand.self,
          WatchCommand.self, HintCommand.self, SolutionCommand.self, ResetCommand.self,
          ProgressCommand.self, SearchCommand.self, OpenCommand.self,
        ]),
      CommandGroup(
        name: "Tools", subcommands: [DecodeCommand.self, NATCommand.self, DoctorCommand.self]),
      CommandGroup(
        name: "Author",
        subcommands: [
          NotesCommand.self, NewCommand.self, ExportCommand.self, ManualCommand.self,
        ]),
    ])
}
