import ExampleChild
import Glibc
public import NoteFormat
public import ProgramSupport

/// An example's run in a child process of this program, so that no example can hurt the reader.
public struct ExampleRun: Sendable {
  public let example: Example
  public let ending: ChildProcess.Ending
  /// What it printed on standard output, broken UTF-8 made whole.
  public let output: String
  /// What it printed on standard error: a thrown error, the message of a crash.
  public let errorOutput: String
  /// False where it never ran, because the compiler refused it; only an own note's can.
  public let didCompile: Bool
  /// Whether a note without an output promises nothing, rather than that nothing is printed.
  private let outputIsOptional: Bool

  public static let usualTimeLimit = 5

  /// - Parameters:
  ///   - executable: this program; it runs itself with the hidden command `run-example`.
  ///   - onOutput: sees standard output as it comes.
  /// - Throws: `WorkbookError.interrupted` where the person stopped it, `missing` where the program
  ///   cannot be started. An example that crashes or fails is no error but a result.
  public init(
    _ example: Example, executable: String, isUnwanted: () -> Bool = { false },
    onOutput: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws(WorkbookError) {
    let limit = example.timeLimit ?? Self.usualTimeLimit
    let outcome = try ChildProcess.run(
      executable, [Self.command, example.id], environment: ["SWIFT_BACKTRACE": "enable=no"],
      limits: .init(time: .seconds(limit)), isUnwanted: isUnwanted, onOutput: onOutput)
    if outcome.ending == .interrupted { throw .interrupted }
    self.init(
      example, ending: outcome.ending, output: String(decoding: outcome.output, as: UTF8.self),
      errorOutput: String(decoding: outcome.errorOutput, as: UTF8.self))
  }

  /// A run that has been made already.
  init(
    _ example: Example, ending: ChildProcess.Ending, output: String, errorOutput: String = "",
    didCompile: Bool = true, outputIsOptional: Bool = false
  ) {
    self.example = example
    self.ending = ending
    self.output = output
    self.errorOutput = errorOutput
    self.didCompile = didCompile
    self.outputIsOptional = outputIsOptional
  }

  /// The run of an example in somebody's own note.
  init(own example: Example, _ outcome: ChildProcess.Outcome) {
    self.init(
      example, ending: outcome.ending, output: String(decoding: outcome.output, as: UTF8.self),
      errorOutput: String(decoding: outcome.errorOutput, as: UTF8.self), outputIsOptional: true)
  }

  /// An example in somebody's own note that the compiler refused.
  init(_ example: Example, doesNotCompile messages: String) {
    self.init(
      example, ending: .exited(1), output: "", errorOutput: messages, didCompile: false,
      outputIsOptional: true)
  }

  /// The hidden command's name.
  public static let command = "run-example"

  /// Runs an example here, in the child, and ends the process.
  public static func runAsChild(_ id: String, in library: Library) -> Never {
    runExampleAsChild { mute in try library.example(named: id).example.run(mute) }
  }

  // MARK: Verdict

  /// Whether it ended well and printed what the note says.
  public var isAsPromised: Bool { endedWell && matchesOutput }

  public var endedWell: Bool { ending == .exited(0) }

  public var matchesOutput: Bool {
    !didCompile || example.output == nil && outputIsOptional
      || OutputPattern(example.output?.text ?? "").matches(output)
  }

  /// How a run went that did not end well, in one line; nil where it did.
  public var complaint: String? {
    let limit = example.timeLimit ?? Self.usualTimeLimit
    guard didCompile else { return "it does not compile" }
    switch ending {
    case .exited(0): return nil
    case .exited(let code):
      return errorOutput.isEmpty ? "it ended with exit code \(code)" : lastErrorLine
    case .signalled(let signal):
      let reason = errorOutput.isEmpty ? String(cString: strsignal(signal)) : lastErrorLine
      return "it crashed: \(reason)"
    case .timedOut: return "it was stopped after its time limit of \(limit) s"
    case .printedTooMuch: return "it was stopped after printing 1 MiB"
    case .interrupted: return "it was interrupted"
    }
  }

  private var lastErrorLine: String {
    let lines = errorOutput.split(separator: "\n")
    return String(lines.last { $0.contains("error") } ?? lines.last ?? "")
  }
}
