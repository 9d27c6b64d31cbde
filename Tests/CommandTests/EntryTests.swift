import FoundationEssentials
import Glibc
import Lessons
import TestSupport
import Testing

/// The shell entry on machines that lack something, with stand-ins for what the machine has.
@Suite(.serialized, .waitsForChildren) struct EntryTests {
  let base = TestFolder.make()
  var tools: String { base + "/tools" }
  var root: String { base + "/project" }

  init() throws {
    for folder in [tools, root + "/Sources", root + "/Plugins", root + "/notes"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: Program.workspace.root + "/workbook", toPath: root + "/workbook")
    try Data().write(to: URL(filePath: root + "/Package.swift"))
    for tool in [
      "sh", "dirname", "readlink", "find", "sort", "cksum", "sed", "mkdir", "cat", "date", "head",
      "rm", "grep", "sleep", "git",
    ] {
      let found = ["/usr/bin/", "/bin/"].map { $0 + tool }.first { access($0, X_OK) == 0 }
      symlink(try #require(found, "\(tool)"), tools + "/" + tool)
    }
  }

  /// Puts a script of that name in front of the machine's own.
  func tool(_ name: String, _ script: String) throws {
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: tools + "/" + name))
    chmod(tools + "/" + name, 0o755)
  }

  func swift(version: String = "6.3.1") throws {
    try tool(
      "swift",
      "case $1 in --version) echo 'Swift version \(version) (swift)';; build) echo built; exit \"${BUILD_EXIT:-0}\";; esac"
    )
  }

  func run(_ environment: [String: String] = [:]) throws -> Program.Result {
    defer { try? FileManager.default.removeItem(atPath: base) }
    return try Program.run(
      "/bin/sh", [root + "/workbook", "list"],
      environment: ["PATH": tools].merging(environment) { $1 })
  }

  @Test("Without Swift it says where to get it")
  func noSwift() throws {
    let result = try run()
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput.hasPrefix(
        "workbook: Swift is missing; install 6.3 or newer from https://www.swift.org/"))
  }

  @Test("An old Swift is refused by its version", arguments: ["5.10", "6.2.4", "nonsense"])
  func oldSwift(version: String) throws {
    try swift(version: version)
    let result = try run()
    #expect(result.exitCode == 69)
    #expect(result.errorOutput.contains("is too old; install 6.3 or newer"))
  }

  @Test("Where it may not install, it prints the exact command", arguments: [true, false])
  func notAllowed(hasPackageConfig: Bool) throws {
    try swift()
    try tool("apt-get", "echo called")
    try tool("id", "echo 1000")
    if hasPackageConfig { try tool("pkg-config", "exit 1") }
    let result = try run()
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput
        == "workbook: missing: \(hasPackageConfig ? "libcmark" : "pkg-config"); install it with: sudo apt-get install -y pkg-config git libcmark-dev libssl-dev libncurses-dev zlib1g-dev\n"
    )
  }

  @Test("On a system without apt it names what is missing")
  func noApt() throws {
    try swift()
    try tool("pkg-config", "exit 1")
    let result = try run()
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput.hasPrefix(
        "workbook: missing: libcmark; install pkg-config, git and the development files"))
  }

  @Test("Where it may install it does so, looking for newer lists once when that fails")
  func installs() throws {
    try swift()
    try tool("id", "echo 0")
    try tool("pkg-config", "[ -f '\(base)/installed' ]")
    try tool(
      "apt-get",
      "case $1 in update) touch '\(base)/updated';; install) [ -f '\(base)/updated' ] && touch '\(base)/installed';; esac"
    )
    symlink("/usr/bin/touch", tools + "/touch")
    // The stand-in for Swift builds nothing, so there is no program to run in the end.
    let result = try run()
    #expect(
      result.errorOutput.contains(
        "workbook: installing what is missing: pkg-config git libcmark-dev libssl-dev libncurses-dev zlib1g-dev\n"
      ))
    #expect(result.errorOutput.contains("workbook: building"))
  }

  @Test("An installation that fails shows what was said, and the command")
  func installationFails() throws {
    try swift()
    try tool("id", "echo 0")
    try tool("pkg-config", "exit 1")
    try tool("apt-get", "echo 'E: no such package'; exit 100")
    let result = try run()
    #expect(result.exitCode == 69)
    #expect(result.errorOutput.contains("E: no such package"))
    #expect(
      result.errorOutput.contains(
        "workbook: still missing: libcmark; install it with: apt-get install"))
  }

  @Test("What is built runs without the compiler, as for root by sudo, and says when it is old")
  func withoutCompiler() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try tool("pkg-config", "exit 0")
    try tool("chmod", "exec /bin/chmod \"$@\"")
    let program = root + "/.build/debug/workbook"
    try tool(
      "swift",
      """
      [ "$1" = build ] || { echo 'Swift version 6.3.1 (swift)'; exit; }
      mkdir -p '\(root)/.build/debug'
      printf '#!/bin/sh\\necho "ran $*"\\n' >'\(program)'
      chmod +x '\(program)'
      """)
    let result = try Program.run(
      "/bin/sh",
      [
        "-c",
        """
        '\(root)/workbook' list; rm '\(tools)/swift'; '\(root)/workbook' list
        echo more >'\(root)/Sources/New.swift'; '\(root)/workbook' list
        """,
      ], environment: ["PATH": tools])
    #expect(result.output == "ran list\nran list\nran list\n")
    #expect(result.errorOutput.contains("there is no Swift to build it"))
    #expect(result.exitCode == 0)
  }

  @Test("A build that fails is shown, not swallowed")
  func buildFails() throws {
    try swift()
    try tool("pkg-config", "exit 0")
    let result = try run(["BUILD_EXIT": "1"])
    #expect(result.exitCode == 65)
    #expect(result.errorOutput.contains("built\n"))
    #expect(
      result.errorOutput.hasSuffix("workbook: the build failed; the messages above say where\n"))
  }

  // MARK: - Building alone

  /// A stand-in for Swift that builds by writing a program, and notes each time that it does.
  func buildingSwift(_ before: String = "") throws {
    try tool("pkg-config", "exit 0")
    try tool("chmod", "exec /bin/chmod \"$@\"")
    try tool(
      "swift",
      """
      [ "$1" = build ] || { echo 'Swift version 6.3.1 (swift)'; exit; }
      echo "$*" >>'\(base)/builds'
      \(before)
      mkdir -p '\(root)/.build/release'
      printf '#!/bin/sh\\necho "ran $*"\\n' >'\(root)/.build/release/workbook-live'
      chmod +x '\(root)/.build/release/workbook-live'
      """)
  }

  func build(_ script: String) throws -> (result: Program.Result, builds: [String]) {
    let result = try Program.run("/bin/sh", ["-c", script], environment: ["PATH": tools])
    let builds = (try? String(contentsOfFile: base + "/builds", encoding: .utf8)) ?? ""
    return (result, builds.split(separator: "\n").map(String.init))
  }

  @Test("What moves packets is built optimized, runs nothing, and is built again only when stale")
  func live() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try buildingSwift()
    let command = "'\(root)/workbook' build workbook-live"
    let (result, builds) = try build(
      """
      \(command) && \(command) && echo note >'\(root)/notes/new.md' && \(command) &&
        echo code >'\(root)/Sources/New.swift' && \(command)
      """)
    #expect(result.exitCode == 0)
    #expect(result.output == "")
    #expect(
      builds == Array(repeating: "build -c release --product workbook-live", count: 2))
  }

  @Test("Two starts at once build once, and the second waits for the first", .needs("flock"))
  func twice() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    symlink("/usr/bin/flock", tools + "/flock")
    // The build does not end before somebody waits for it.
    try buildingSwift("until grep -q waiting '\(base)/second'; do sleep 0.05; done")
    let command = "'\(root)/workbook' build workbook-live"
    let (result, builds) = try build(
      """
      \(command) & until [ -s '\(base)/builds' ]; do sleep 0.05; done
      \(command) 2>'\(base)/second'; code=$?; wait; exit $code
      """)
    #expect(result.exitCode == 0)
    #expect(builds.count == 1)
  }

  @Test("Ctrl-C while it builds ends with one line and 130", .needs("setsid"))
  func interrupted() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    symlink("/usr/bin/setsid", tools + "/setsid")
    // The key reaches every process of the terminal's group.
    try buildingSwift("kill -INT 0; sleep 30")
    let (result, builds) = try build("setsid -w sh '\(root)/workbook' build workbook-live")
    #expect(builds.count == 1)
    #expect(result.exitCode == 130)
    #expect(
      result.errorOutput.split(separator: "\n").suffix(1)
        == ["workbook: interrupted; the next start goes on building"])
  }

  @Test("Where nothing can be written it says so in one line, with 69")
  func readOnly() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try buildingSwift()
    // A file in the folder's place, as root may write everywhere else.
    try Data().write(to: URL(filePath: root + "/.build"))
    let (result, builds) = try build("'\(root)/workbook' build workbook-live")
    #expect(builds == [])
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput == """
        workbook: workbook-live must be built, but \(root)/.build cannot be written; \
        make it writable, or copy the project

        """)
  }

  @Test("A compiler that an earlier build used is found where PATH has none, as with sudo")
  func knownCompiler() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try buildingSwift()
    let command = "'\(root)/workbook' build workbook-live"
    let (result, builds) = try build(
      """
      mkdir -p '\(base)/far' && \(command) && cat '\(tools)/swift' >'\(base)/far/swift' &&
        chmod +x '\(base)/far/swift' && rm '\(tools)/swift' &&
        sed -i "3s|.*|\(base)/far/swift|" '\(root)/.build/workbook-live-stamp' &&
        echo code >'\(root)/Sources/New.swift' && \(command)
      """)
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    #expect(builds.count == 2)
  }

  @Test(
    "The program is told where the examples are, and that they are to be built where they are not")
  func tellsOfExamples() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try tool("pkg-config", "exit 0")
    try tool("chmod", "exec /bin/chmod \"$@\"")
    // Each product prints what it is told of the other.
    try tool(
      "swift",
      """
      [ "$1" = build ] || { echo 'Swift version 6.3.1 (swift)'; exit; }
      for product; do :; done
      echo "$product" >>'\(base)/builds'
      mkdir -p '\(root)/.build/debug'
      printf '#!/bin/sh\\necho "[${WORKBOOK_LAB-unset}]"\\n' >"\(root)/.build/debug/$product"
      chmod +x "\(root)/.build/debug/$product"
      """)
    let (result, builds) = try build(
      """
      '\(root)/workbook' list && '\(root)/workbook' build workbook-lab && '\(root)/workbook' list &&
        echo more >'\(root)/Sources/New.swift' && '\(root)/workbook' list &&
        '\(root)/workbook' build && '\(root)/workbook' list
      """)
    let lab = "[\(root)/.build/debug/workbook-lab]\n"
    #expect(result.output == "[]\n\(lab)[]\n\(lab)", "\(result.errorOutput)")
    #expect(builds == ["workbook", "workbook-lab", "workbook", "workbook-lab"])
  }

  @Test("A product that there is not is refused with 64")
  func product() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let (result, _) = try build("'\(root)/workbook' build sparkles")
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.split(separator: "\n").count == 1)
  }
}
