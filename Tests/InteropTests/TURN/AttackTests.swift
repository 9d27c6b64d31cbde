import FoundationEssentials
import Lessons
import Terminal
import TestSupport
import Testing

/// coturn and `workbook serve` under the same attacks.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct AttackTests {
  private static let root = Program.workspace.root

  @Test(
    "Each attack does what docs/attacks.md says, and to ours nothing; RECORD_GOLDEN=1 writes it anew",
    .needsNetworks("turnserver", "python3", "unshare"))
  func table() throws {
    let path = Self.root + "/docs/attacks.md"
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let parts = page.split(separator: Self.marks, omittingEmptySubsequences: false)
    try #require(parts.count == 3, "the table stands between two lines \(Self.marks)")
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      let recorded = [String(parts[0]), try Self.printed(), String(parts[2])]
        .joined(separator: Self.marks)
      try Data(recorded.utf8).write(to: URL(filePath: path))
      return
    }
    let documented = parts[1].split(separator: "\n").map(String.init)
    var found = try Self.printed().split(separator: "\n").map(String.init)
    // How far coturn gets in its time is not ours to say on a busy machine: it may repeat once.
    if found != documented { found = try Self.printed().split(separator: "\n").map(String.init) }
    #expect(found.count == documented.count)
    for (found, documented) in zip(found, documented) { #expect(found == documented) }
  }

  /// What the script prints.
  private static func printed() throws -> String {
    let result = try Program.run(
      "python3", [root + "/Benchmarks/attack", "--program", Program.executable], seconds: 120)
    try #require(result.exitCode == 0, "\(result.ending) \(result.errorOutput)")
    return result.output
  }

  private static let marks = "<!-- what Benchmarks/attack prints -->\n"
}
