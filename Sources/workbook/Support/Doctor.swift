import Glibc
import Lessons
import ProgramSupport
import Terminal

/// What `doctor --json` prints.
struct DoctorReport: Encodable {
  var findings: [Finding]
}

/// Something that the workbook uses.
struct Finding: Encodable {
  var name: String
  var purpose: String
  var isNeeded: Bool
  var isThere: Bool
  /// The version or the path.
  var detail: String?
  /// How to install it.
  var remedy: String
}

/// Searches for everything that the workbook uses.
struct Doctor {
  private let workspace: Workspace
  private let environment = processEnvironment()

  init(_ workspace: Workspace) {
    self.workspace = workspace
  }

  /// - Throws: `WorkbookError.interrupted`.
  func findings() throws(WorkbookError) -> [Finding] {
    var findings = [try swift()]
    let (libraries, packages) = try entryNeeds()
    for tool in ["git", "pkg-config"] {
      findings.append(
        self.tool(tool, "used when building", isNeeded: true, remedy: "apt-get install \(tool)"))
    }
    for library in libraries {
      let isThere = try runs("pkg-config", ["--exists", library])
      findings.append(
        Finding(
          name: library, purpose: "a library that the program is built with", isNeeded: true,
          isThere: isThere, detail: nil, remedy: "apt-get install \(packages)"))
    }
    findings.append(state())
    findings.append(editor())
    for (name, purpose, package) in Self.helpers {
      findings.append(
        tool(name, purpose, isNeeded: false, remedy: "apt-get install \(package)"))
    }
    return findings
  }

  /// The programs that a chapter, a test or a benchmark runs.
  private static let helpers = [
    ("man", "shows what 'workbook manual' prints", "man-db"),
    ("tmux", "drives the reader in the tests", "tmux"),
    ("valgrind", "looks for lost memory in the tests", "valgrind"),
    ("chromium", "shows the exported site and is a peer in the tests", "chromium"),
    ("firefox-esr", "is a peer in the tests", "firefox-esr"),
    ("tshark", "reads the packets that the simulator writes", "tshark"),
    ("turnutils_uclient", "coturn's client, a peer in the tests", "coturn"),
    ("go", "builds the peers in Go for the tests and benchmarks", "golang-go"),
    ("cargo", "builds the exercise in Rust for the benchmarks", "cargo"),
    ("python3", "runs the peers in Python for the benchmarks", "python3"),
    ("ip", "sets up networks of their own for the laboratory", "iproute2"),
    ("nft", "sets up NATs for the laboratory", "nftables"),
    ("traceroute", "looks through 'nat --tun' in the tests", "traceroute"),
    ("iperf3", "measures 'nat --tun' in the benchmarks", "iperf3"),
    ("conntrack", "shows what the kernel's NAT remembers, in the tests", "conntrack"),
    ("tayga", "a stateless NAT64, a peer in the tests", "tayga"),
  ]

  // MARK: What is needed

  private func swift() throws(WorkbookError) -> Finding {
    var finding = tool(
      "swiftc", "the Swift compiler, 6.3 or newer", isNeeded: true,
      remedy: "https://www.swift.org/install/linux, then put its usr/bin into PATH")
    guard finding.isThere else { return finding }
    let outcome = try ChildProcess.run(
      "swiftc", ["--version"], limits: .init(time: .seconds(30)))
    let words = String(decoding: outcome.output + outcome.errorOutput, as: UTF8.self)
    guard let found = words.firstMatch(of: #/Swift version (\d+)\.(\d+)\S*/#),
      let major = Int(found.1), let minor = Int(found.2)
    else {
      finding.isThere = false
      return finding
    }
    finding.detail = String(found.0)
    finding.isThere = (major, minor) >= (6, 3)
    return finding
  }

  /// The libraries and packages named by the entry script, which installs them.
  private func entryNeeds() throws(WorkbookError) -> (libraries: [String], packages: String) {
    let script = String(decoding: try readFile(workspace.root + "/workbook"), as: UTF8.self)
    func value(of name: String) -> String {
      let line = script.split(separator: "\n").first { $0.hasPrefix("\(name)='") }
      return String((line ?? "").drop { $0 != "'" }.dropFirst().prefix { $0 != "'" })
    }
    return (
      value(of: "needed_libraries").split(separator: " ").map(String.init), value(of: "packages")
    )
  }

  private func state() -> Finding {
    let log = ProgressLog(workspace, environment: environment).path
    let folder = String(log[..<(log.lastIndex(of: "/") ?? log.startIndex)])
    let parent = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
    let place = access(folder, F_OK) == 0 ? folder : parent
    let isFileWritable = access(log, F_OK) != 0 || access(log, W_OK) == 0
    return Finding(
      name: "progress", purpose: "a folder where your progress can be recorded", isNeeded: true,
      isThere: access(place, W_OK) == 0 && isFileWritable, detail: workspace.display(folder),
      remedy: "make \(place) writable, or name another folder in WORKBOOK_STATE")
  }

  private func editor() -> Finding {
    let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty }
    return Finding(
      name: "an editor", purpose: "opened on your answers by the reader", isNeeded: false,
      isThere: named != nil, detail: named, remedy: "export EDITOR=nano, or whatever you write with"
    )
  }

  // MARK: Tools

  private func tool(
    _ name: String, _ purpose: String, isNeeded: Bool, remedy: String
  ) -> Finding {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let paths: [String] = folders.map { "\($0)/\(name)" }
    let path = paths.first { access($0, X_OK) == 0 }
    return Finding(
      name: name, purpose: purpose, isNeeded: isNeeded, isThere: path != nil, detail: path,
      remedy: remedy)
  }

  /// Whether the program exists and succeeds.
  private func runs(_ program: String, _ arguments: [String]) throws(WorkbookError) -> Bool {
    do throws(WorkbookError) {
      let outcome = try ChildProcess.run(program, arguments, limits: .init(time: .seconds(10)))
      if outcome.ending == .interrupted { throw .interrupted }
      return outcome.ending == .exited(0)
    } catch {
      if case .interrupted = error { throw error }
      return false
    }
  }
}
