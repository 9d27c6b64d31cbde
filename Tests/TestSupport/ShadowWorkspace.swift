import FoundationEssentials
import Glibc
public import Lessons
import ProgramSupport

/// The project as a folder of one's own: the program in it works on the folder's answers and
/// progress, so that a test touches nobody's.
///
/// What is only read is linked to; what `copying` names is copied, to be changed.
public final class ShadowWorkspace: Sendable {
  public let root: String
  public let workspace: Workspace

  public init(copying copied: Set<String> = []) throws {
    // Below the build folder, where the program can be linked to whatever file system /tmp is on.
    var template = Array((Program.workspace.buildFolder + "/shadow-XXXXXX").utf8CString)
    precondition(mkdtemp(&template) != nil, "no folder for a shadow of the project")
    root = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    workspace = Workspace(root: root, buildFolder: root + "/.build/debug")
    let files = FileManager.default
    for name in ["Package.swift", "Sources", "notes", "Exercises", "workbook"] {
      let (from, to) = (Program.workspace.root + "/" + name, root + "/" + name)
      if copied.contains(name) {
        try files.copyItem(atPath: from, toPath: to)
      } else {
        symlink(from, to)
      }
    }
    try files.createDirectory(
      atPath: workspace.buildFolder, withIntermediateDirectories: true)
    for name in ["Modules", "workbook-lab", "workbook-lab.product", "CLinux.build"] {
      symlink(Program.workspace.buildFolder + "/" + name, workspace.buildFolder + "/" + name)
    }
    guard link(Program.executable, executable) == 0 else {
      try files.copyItem(atPath: Program.executable, toPath: executable)
      return
    }
  }

  deinit {
    // A first check may still be being prepared, and would write into the folder that goes.
    try? waitFor("the end of what runs here") {
      let running = processes
      for process in running { kill(process, SIGTERM) }
      return running.isEmpty
    }
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Those that run the program in this folder.
  private var processes: [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
      guard let process = pid_t(name),
        let program = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(name)/exe")
      else { return nil }
      return program == executable ? process : nil
    }
  }

  public var executable: String { workspace.buildFolder + "/workbook" }
  public var state: String { root + "/.workbook" }
  public var log: ProgressLog { ProgressLog(path: state + "/progress.jsonl") }

  /// Runs the program on this folder, with `input` on its standard input.
  public func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
  ) throws -> Program.Result {
    var environment = environment
    if environment["WORKBOOK_STATE"] == nil { environment["WORKBOOK_STATE"] = state }
    guard let input else {
      return try Program.run(executable, arguments, environment: environment)
    }
    let path = root + "/input"
    try Data(input.utf8).write(to: URL(filePath: path))
    return try Program.run(
      "sh", ["-c", "\"$0\" \"$@\" <'\(path)'", executable] + arguments, environment: environment)
  }

  public func write(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: root + "/" + path))
  }

  public func text(_ path: String) throws -> String {
    String(decoding: try readFile(root + "/" + path), as: UTF8.self)
  }
}
