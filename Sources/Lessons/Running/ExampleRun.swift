import Glibc
public import NoteFormat
public import ProgramSupport
public import Terminal

/// The run of an example in a child process, which protects the reader from crashes.
public struct ExampleRun: Sendable {
  /// The example.
  public let example: Example
  /// The way in which the child process ended.
  public let ending: ChildProcess.Ending
  /// The text of standard output, with invalid UTF-8 repaired.
  public let output: String
  /// The text of standard error: a thrown error, the message of a crash.
  public let errorOutput: String
  /// The pictures that it has shown.
  public let pictures: ShownPictures
  /// Whether the example compiled; always true except for the user's own notes.
  public let didCompile: Bool
  /// Whether a missing output fence allows any output, instead of requiring none.
  private let outputIsOptional: Bool

  /// The default time limit, in seconds.
  public static let usualTimeLimit = 5

  /// Runs an example.
  ///
  /// - Parameters:
  ///   - executable: the program that the examples are in; it is started with `run-example ID`.
  ///   - onOutput: receives standard output as it arrives.
  /// - Throws: `WorkbookError.interrupted` if the user stopped it, `missing` if the program cannot be
  ///   started. An example that crashes or fails is not an error, but a result.
  public init(
    _ example: Example, executable: String, isUnwanted: () -> Bool = { false },
    onOutput: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws(WorkbookError) {
    let limit = example.timeLimit ?? Self.usualTimeLimit
    let outcome = try ChildProcess.run(
      executable, [Self.command, example.id], environment: ["SWIFT_BACKTRACE": "enable=no"],
      limits: .init(time: .seconds(limit)), side: ShownPictures.stream, isUnwanted: isUnwanted,
      onOutput: onOutput)
    if outcome.ending == .interrupted { throw .interrupted }
    self.init(
      example, ending: outcome.ending, output: String(decoding: outcome.output, as: UTF8.self),
      errorOutput: String(decoding: outcome.errorOutput, as: UTF8.self),
      pictures: ShownPictures(reading: outcome.side))
  }

  /// Creates the result of a run from its parts.
  init(
    _ example: Example, ending: ChildProcess.Ending, output: String, errorOutput: String = "",
    pictures: ShownPictures = ShownPictures(), didCompile: Bool = true,
    outputIsOptional: Bool = false
  ) {
    self.example = example
    self.ending = ending
    self.output = output
    self.errorOutput = errorOutput
    self.pictures = pictures
    self.didCompile = didCompile
    self.outputIsOptional = outputIsOptional
  }

  /// Creates the result of a run of an example in the user's own notes.
  init(own example: Example, _ outcome: ChildProcess.Outcome) {
    self.init(
      example, ending: outcome.ending, output: String(decoding: outcome.output, as: UTF8.self),
      errorOutput: String(decoding: outcome.errorOutput, as: UTF8.self),
      pictures: ShownPictures(reading: outcome.side), outputIsOptional: true)
  }

  /// Creates the result for an example of the user's own notes that does not compile.
  init(_ example: Example, doesNotCompile messages: String) {
    self.init(
      example, ending: .exited(1), output: "", errorOutput: messages, didCompile: false,
      outputIsOptional: true)
  }

  /// The hidden command of the program that the examples are in.
  public static let command = "run-example"

  /// The output for a page, with each picture in the form that fits it.
  public func printed(on presentation: Presentation) -> String {
    pictures.fitted(output, to: presentation)
  }

  // MARK: Verdict

  /// Whether the example succeeded with the output of the note.
  public var isAsPromised: Bool { endedWell && matchesOutput }

  /// Whether the process exited with code 0.
  public var endedWell: Bool { ending == .exited(0) }

  /// Whether the output matches the note.
  public var matchesOutput: Bool {
    !didCompile || example.output == nil && outputIsOptional
      || OutputPattern(example.output?.text ?? "").matches(output)
  }

  /// One line about a failed run; nil if it succeeded.
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
