import ArgumentParser
import Glibc
import Lessons
import ProgramSupport
import Terminal

/// The entry point: turns errors into one line each and an exit code.
@main
enum Main {
  static func main() {
    openStandardStreams()
    let arguments = CommandLine.arguments
    // The child that runs an example needs no command parsing.
    if arguments.count == 3, arguments[1] == ExampleRun.command {
      ExampleRun.runAsChild(arguments[2], in: .compiled)
    }
    // Neither does the process that prepares the first check of an exercise.
    if arguments.count == 3, arguments[1] == ExerciseFolder.preparationCommand {
      prepare(arguments[2])
    }
    do {
      var command = try Workbook.parseAsRoot(
        namingFirstCommand(Array(arguments.dropFirst())))
      try command.run()
      end(with: 0)
    } catch let error as WorkbookError {
      complain(error.messages.map { prefix(of: error) + StyledText($0) })
      end(with: error.exitCode)
    } catch {
      let text = Workbook.fullMessage(for: error)
      let code = Workbook.exitCode(for: error)
      if !text.isEmpty {
        let output = Writer(
          descriptor: code.isSuccess ? STDOUT_FILENO : STDERR_FILENO,
          presentation: Presentation(environment: [:], isTerminal: false))
        output.raw(text.hasSuffix("\n") ? text : text + "\n")
        output.flush()
      }
      end(with: code.rawValue)
    }
  }

  /// Ends the process; what could not be written to standard output is a failure too.
  private static func end(with code: Int32) -> Never {
    guard let failure = Writer.standardOutputFailure else { exit(code) }
    let reason = String(cString: strerror(failure))
    complain([speaker + StyledText("cannot write to standard output: \(reason)")])
    exit(code == 0 ? cannotWrite : code)
  }

  /// The exit code where output is lost, as `sysexits.h` has it.
  private static let cannotWrite = EX_IOERR

  /// Opens a standard stream that the caller closed.
  ///
  /// A file opened later would get its number, and what is printed would land in that file. The
  /// stand-in cannot be written to, so that lost output is still an error.
  private static func openStandardStreams() {
    var status = stat()
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fstat(descriptor, &status) != 0 && errno == EBADF {
      _ = open("/dev/null", O_RDONLY)
    }
  }

  private static func complain(_ lines: [StyledText]) {
    let errors = Writer(
      descriptor: STDERR_FILENO,
      presentation: Presentation(descriptor: STDERR_FILENO, environment: processEnvironment()))
    errors.lines(lines)
    errors.flush()
  }

  private static func prepare(_ exercise: String) -> Never {
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

  private static let speaker = StyledText("workbook: ", .failure)

  /// The prefix of an error line: none before a problem, which starts with its file, as editors expect.
  private static func prefix(of error: WorkbookError) -> StyledText {
    if case .badData = error { "" } else { speaker }
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
