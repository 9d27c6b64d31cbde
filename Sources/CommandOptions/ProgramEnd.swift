public import ArgumentParser
import Glibc
import ProgramSupport
import Terminal

/// A failure whose exit code is none of `WorkbookError`'s, such as a shell's 127.
public struct ProgramFailure: Error, Hashable, Sendable {
  /// What went wrong, in one line.
  public var message: String
  /// The exit code.
  public var code: Int32

  /// A failure with a line for standard error.
  public init(_ message: String, code: Int32) {
    self.message = message
    self.code = code
  }
}

/// Runs a program's command, turns its errors into clear lines, and ends the process.
///
/// - Parameters:
///   - program: the command with all others below it.
///   - arguments: without the program's name.
public func runProgram<Program: ParsableCommand>(
  _ program: Program.Type, _ arguments: [String]
) -> Never {
  do {
    var command = try parse(arguments, for: program)
    try command.run()
    end(with: 0)
  } catch let error as WorkbookError {
    complain(error.messages.map { prefix(of: error) + StyledText($0) })
    end(with: error.exitCode)
  } catch let error as ProgramFailure {
    complain([speaker + StyledText(error.message)])
    end(with: error.code)
  } catch {
    let text = Misspelling.corrected(program.fullMessage(for: error))
    let code = program.exitCode(for: error)
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

/// Parses with the named command alone, and with the whole tree where that fails.
///
/// In debug builds, as learners have them, the parser examines every command below its root at each
/// start, which took half of it. Help, and what is wrong in a line, come from the whole tree, as it
/// knows how to call the command.
private func parse(
  _ arguments: [String], for program: any ParsableCommand.Type
) throws -> any ParsableCommand {
  if let name = arguments.first,
    let named = program.configuration.subcommands.first(where: { $0._commandName == name }),
    named.configuration.subcommands.isEmpty,
    let command = try? named.parseAsRoot(Array(arguments.dropFirst())),
    type(of: command) == named
  {
    return command
  }
  try Misspelling.requireCommand(arguments, of: program)
  return try program.parseAsRoot(arguments)
}

/// Opens a standard stream that the caller closed.
///
/// A file opened later would get its number, and what is printed would land in that file. The
/// stand-in cannot be written to, so that lost output is still an error.
public func openStandardStreams() {
  var status = stat()
  for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
  where fstat(descriptor, &status) != 0 && errno == EBADF {
    _ = open("/dev/null", O_RDONLY)
  }
}

/// The exit code where output is lost, as `sysexits.h` has it.
private let cannotWrite = EX_IOERR

/// Ends the process; what could not be written to standard output is a failure too.
private func end(with code: Int32) -> Never {
  guard let failure = Writer.standardOutputFailure else { exit(code) }
  let reason = String(cString: strerror(failure))
  complain([speaker + StyledText("cannot write to standard output: \(reason)")])
  exit(code == 0 ? cannotWrite : code)
}

private func complain(_ lines: [StyledText]) {
  let errors = Writer(
    descriptor: STDERR_FILENO,
    presentation: Presentation(descriptor: STDERR_FILENO, environment: processEnvironment()))
  errors.lines(lines)
  errors.flush()
}

private let speaker = StyledText("workbook: ", .failure)

/// A problem's line starts with its file, as editors like it; the others say who speaks.
private func prefix(of error: WorkbookError) -> StyledText {
  if case .badData = error { "" } else { speaker }
}
