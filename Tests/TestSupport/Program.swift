public import Lessons
import ProgramSupport

/// The real program, run as a person's shell would run it.
public enum Program {
  /// The folder that the tests and the program were built into.
  public static let workspace: Workspace = {
    do throws(WorkbookError) {
      return try Workspace.containing(executable: "/proc/self/exe")
    } catch {
      fatalError("the tests must be run from the package's own build folder: \(error.messages)")
    }
  }()

  public static var executable: String { workspace.buildFolder + "/workbook" }

  /// The program with the notes' examples.
  public static var lab: String { workspace.buildFolder + "/workbook-lab" }

  /// Has the program hand over to what the tests were built with, for they build nothing themselves.
  public static var liveVariable: (name: String, value: String) {
    ("WORKBOOK_LIVE", workspace.buildFolder + "/workbook-live")
  }

  /// How a run ended and what it printed.
  public struct Result: Sendable {
    public var ending: ChildProcess.Ending
    public var output: String
    public var errorOutput: String

    public var exitCode: Int32? { if case .exited(let code) = ending { code } else { nil } }
  }

  /// Runs the program with a plain UTF-8 environment of 80 columns, changed by `environment`.
  public static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    try run(executable, arguments, environment: environment)
  }

  /// Runs any program in the same environment.
  public static func run(
    _ path: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String] = [:], seconds: Int = 60, limit: Int = 8 << 20
  ) throws -> Result {
    let usual = [
      "LANG": "C.UTF-8", "LC_ALL": "", "LC_CTYPE": "", "COLUMNS": "80", "TERM": "xterm-256color",
      "NO_COLOR": "", "ACCESSIBLE": "", liveVariable.name: liveVariable.value,
      // Not the progress of whoever runs the tests.
      "WORKBOOK_STATE": workspace.buildFolder + "/test-state",
    ]
    let outcome = try ChildProcess.run(
      path, arguments, in: folder, environment: usual.merging(environment) { $1 },
      limits: .init(time: .seconds(seconds), outputBytes: limit))
    return Result(
      ending: outcome.ending, output: String(decoding: outcome.output, as: UTF8.self),
      errorOutput: String(decoding: outcome.errorOutput, as: UTF8.self))
  }

  /// Runs the program with a terminal of its own as standard input, output and error.
  public static func runInTerminal(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    let command = ([executable] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try run("script", ["-qefc", command, "/dev/null"], environment: environment)
  }
}
