import ArgumentParser
import CLinux
import Glibc
import Lessons
import ProgramSupport
import Terminal

/// Another program of the project, which carries out what this one does not contain.
///
/// It is one of its own so that the learner's first build stays small. The entry script builds it: it
/// knows what that takes, what has changed, and how to wait for another who builds.
struct OtherProgram: Sendable {
  /// The examples of the notes, and the tools that take protocols apart.
  static let lab = OtherProgram(
    product: "workbook-lab", folder: "debug", variable: "WORKBOOK_LAB", isBesideThis: true)
  /// What moves packets. It is built optimized.
  static let live = OtherProgram(
    product: "workbook-live", folder: "release", variable: "WORKBOOK_LIVE", isBesideThis: false)

  /// The name of the product and of the file.
  private let product: String
  /// The folder of `.build` that it is in.
  private let folder: String
  /// The environment variable with its path; where it is empty, the program has to be built.
  private let variable: String
  /// Whether it is built as this program is, and lies beside it.
  private let isBesideThis: Bool

  /// Ends this program and begins the other in the same process: exit code, signals and streams are its
  /// own.
  ///
  /// - Parameter others: arguments other than this program's; nil for the same.
  /// - Throws: `ExitCode` where it cannot be built, which the build has told of; `WorkbookError` where
  ///   it cannot be started.
  func replaceThisProcess(with others: [String]? = nil) throws -> Never {
    let program = try path()
    let words = others.map { CommandLine.arguments.prefix(1) + $0 } ?? CommandLine.arguments
    var arguments = words.map { strdup($0) } + [nil]
    execv(program, &arguments)
    let reason = String(cString: strerror(errno))
    for argument in arguments { free(argument) }
    throw WorkbookError.missing("cannot start \(program): \(reason)", remedy: nil)
  }

  /// The program's path, once it is built; a build has this process's terminal.
  ///
  /// - Throws: `ExitCode` where it cannot be built, which the build has told of; `WorkbookError` where
  ///   the build was interrupted.
  func path() throws -> String {
    let workspace = try Workspace.current()
    if let built = built(in: workspace) { return built }
    let script = Self.quoted(workspace.root + "/workbook")
    switch linux_run_in_foreground("exec sh \(script) build \(product)") {
    case 0: return builtPath(in: workspace)
    case -1: throw WorkbookError.interrupted
    case let code: throw ExitCode(code)
    }
  }

  /// The same without a terminal, for a reader that has the screen.
  ///
  /// - Parameters:
  ///   - isUnwanted: called every few milliseconds; once it returns true, the build is ended.
  ///   - onProgress: called now and then with how far the build is, such as `12 of 96`.
  /// - Throws: `WorkbookError.missing` where it cannot be built, with the first message; `interrupted`.
  func path(
    isUnwanted: () -> Bool, onProgress: (String) -> Void
  ) throws(WorkbookError) -> String {
    let workspace = try Workspace.current()
    if let built = built(in: workspace) { return built }
    var progress = BuildProgress(workspace)
    let outcome = try ChildProcess.run(
      "sh", [workspace.root + "/workbook", "build", product],
      limits: .init(time: .seconds(1800)),
      isUnwanted: {
        if let news = progress.news() { onProgress(news) }
        return isUnwanted()
      })
    switch outcome.ending {
    case .exited(0): return builtPath(in: workspace)
    case .interrupted: throw .interrupted
    default:
      let messages = String(decoding: outcome.errorOutput, as: UTF8.self).split(separator: "\n")
      let first = messages.first { $0.contains("error: ") } ?? messages.last ?? "no message"
      throw .missing(
        "\(product) cannot be built: \(first)", remedy: "'./workbook build \(product)' says more")
    }
  }

  /// Begins to build it where that has to be done, and does not wait: the first use does.
  func beginBuilding() {
    guard let workspace = try? Workspace.current(), built(in: workspace) == nil else { return }
    "/bin/sh".withCString { shell in
      (workspace.root + "/workbook").withCString { script in
        "build".withCString { build in
          product.withCString { product in
            var arguments: [UnsafePointer<CChar>?] = [shell, script, build, product, nil]
            linux_start_in_background(shell, &arguments)
          }
        }
      }
    }
  }

  /// The path where nothing has to be built: the entry script says so in the variable, and without it
  /// the program beside this one is of the same build.
  private func built(in workspace: Workspace) -> String? {
    if let named = processEnvironment()[variable] { return named.isEmpty ? nil : named }
    let path = workspace.buildFolder + "/" + product
    return isBesideThis && access(path, X_OK) == 0 ? path : nil
  }

  private func builtPath(in workspace: Workspace) -> String {
    let path = "\(workspace.root)/.build/\(folder)/\(product)"
    // From now on this process need not ask again.
    setenv(variable, path, 1)
    return path
  }

  /// A word quoted for a shell.
  static func quoted(_ path: String) -> String {
    "'" + path.replacing("'", with: "'\\''") + "'"
  }
}

/// How far a build is, by the lines that it writes into the entry script's log.
private struct BuildProgress {
  private let log: String
  private var last = ""
  private var calls = 0

  init(_ workspace: Workspace) {
    log = workspace.root + "/.build/workbook-build.log"
  }

  /// How many of how many steps are done, where that has changed.
  mutating func news() -> String? {
    // It is asked every few milliseconds.
    calls += 1
    guard calls % 16 == 1, let bytes = try? readFile(log) else { return nil }
    let text = String(decoding: bytes.suffix(4096), as: UTF8.self)
    guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("[") }),
      let step = line.firstMatch(of: #/^\[(\d+)/(\d+)\]/#)
    else { return nil }
    let news = "\(step.1) of \(step.2)"
    defer { last = news }
    return news == last ? nil : news
  }
}
