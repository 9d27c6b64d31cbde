import ArgumentParser
import Glibc
import Lessons
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
    do {
      var command = try Workbook.parseAsRoot()
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

  /// A problem's line starts with its file, as editors like it; the others say who speaks.
  private static func prefix(of error: WorkbookError) -> StyledText {
    if case .badData = error { "" } else { StyledText("workbook: ", .failure) }
  }
}

struct Workbook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook",
    abstract: "A workbook on NAT, STUN, TURN and ICE that runs.",
    discussion: "With no arguments it lists the notes and says how to begin.",
    version: "0.1.0",
    subcommands: [
      ListCommand.self, ReadCommand.self, RunCommand.self, StartCommand.self, CheckCommand.self,
      NotesCommand.self, OpenCommand.self, ExportCommand.self,
    ],
    defaultSubcommand: ListCommand.self)
}
