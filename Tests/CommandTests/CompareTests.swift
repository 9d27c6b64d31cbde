import FoundationEssentials
import Glibc
import Lessons
import TestSupport
import Testing

/// What `Benchmarks/compare` says on machines that lack a program that it measures beside.
@Suite(.serialized, .waitsForChildren) struct CompareTests {
  static let folder = Program.workspace.root + "/Benchmarks"
  static let groups = try! FileManager.default.contentsOfDirectory(atPath: folder + "/Groups")
    .sorted()

  /// The programs that a group says it needs.
  static func needs(of group: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(folder)/Groups/\(group)", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("# Needs: ") })
    return line.dropFirst(9).split(separator: " ").map { String($0.prefix { $0 != ":" }) }
  }

  /// Runs a group where everything is there but one program.
  func compare(_ group: String, without missing: String) throws -> Program.Result {
    let base = TestFolder.make()
    defer { try? FileManager.default.removeItem(atPath: base) }
    for tool in ["sh", "dirname", "sed", "mkdir", "printf", "awk", "cat", "id", "rm"] {
      let found = ["/usr/bin/", "/bin/"].map { $0 + tool }.first { access($0, X_OK) == 0 }
      symlink(try #require(found, "\(tool)"), base + "/" + tool)
    }
    for tool in try Self.needs(of: group) + ["swift"] where tool != missing {
      try Data("#!/bin/sh\necho ran >>'\(base)/ran'\nexit 1\n".utf8)
        .write(to: URL(filePath: base + "/" + tool))
      chmod(base + "/" + tool, 0o755)
    }
    let result = try Program.run(
      "/bin/sh", [Self.folder + "/compare", group], environment: ["PATH": base])
    #expect(access(base + "/ran", F_OK) != 0, "\(group) ran something without \(missing)")
    return result
  }

  @Test(
    "Each program that is missing is named before anything is built or measured", arguments: groups)
  func missing(group: String) throws {
    for tool in try Self.needs(of: group) + ["swift"] {
      let result = try compare(group, without: tool)
      #expect(result.exitCode == 69, "\(tool): \(result)")
      #expect(result.output == "")
      #expect(result.errorOutput.hasPrefix("compare: \(tool) is missing; install it "))
      #expect(result.errorOutput.split(separator: "\n").count == 1)
    }
  }

  @Test("A group says of every program that it runs that it needs it", arguments: groups)
  func complete(group: String) throws {
    let needs = try Self.needs(of: group)
    let text = try String(contentsOfFile: "\(Self.folder)/Groups/\(group)", encoding: .utf8)
    let code = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    let words = Set(code.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
    for tool in ["cargo", "go", "iperf3", "nft", "ping", "python3", "tshark", "valgrind"]
    where words.contains(tool) {
      #expect(needs.contains(tool), "\(tool)")
    }
  }
}
