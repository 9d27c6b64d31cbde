import ArgumentParser
import CLinux
import Glibc
import Lessons
import ProgramSupport
import Terminal

/// The program `workbook-live`, which moves packets.
///
/// It is another program so that this one neither contains nor builds what only real networks need,
/// and it is built optimized.
enum LiveProgram {
  /// Names a program to run in place of the one that is built when first used.
  static let variable = "WORKBOOK_LIVE"

  /// Ends this program and begins the other in the same process, with the same arguments: exit code,
  /// signals and streams are its own.
  ///
  /// - Throws: `ExitCode` where it cannot be built, which the build has told of; `WorkbookError` where
  ///   it cannot be started.
  static func replaceThisProcess() throws -> Never {
    let program = try path()
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv(program, &arguments)
    let reason = String(cString: strerror(errno))
    for argument in arguments { free(argument) }
    throw WorkbookError.missing("cannot start \(program): \(reason)", remedy: nil)
  }

  private static func path() throws -> String {
    if let named = processEnvironment()[variable], !named.isEmpty { return named }
    let root = try Workspace.current().root
    try build(in: root)
    return root + "/.build/release/workbook-live"
  }

  /// The entry script knows how to build, what it takes and how to wait for another who does.
  private static func build(in root: String) throws {
    let script = root.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    switch linux_run_in_foreground("exec sh '\(script)/workbook' build workbook-live") {
    case 0: return
    case -1: throw WorkbookError.interrupted
    case let code: throw ExitCode(code)
    }
  }
}
