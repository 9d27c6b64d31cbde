import FoundationEssentials
import TestSupport
import Testing

/// `workbook nat` with lines that draw a world; what they mean is tested with the console itself.
@Suite(.serialized, .waitsForChildren) final class NATWorldTests {
  static let homes = """
    # Two homes and a server.
    router home port-restricted-cone
    host alice behind home
    router cabin symmetric
    host bob behind cabin
    host stun.example at 203.0.113.9 running stun

    """
  let folder = TestFolder.make()

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func file(_ more: String) throws -> String {
    let path = folder + "/world"
    try Data((Self.homes + more).utf8).write(to: URL(filePath: path))
    return path
  }

  @Test("Two homes and a server are five lines, and the next ones ask and send")
  func file() throws {
    let file = try file("ask alice:5000 stun.example\nsend bob:1 > home:5000\nquit\nnonsense\n")
    let result = try Program.run(["nat", file])
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    #expect(result.output.hasPrefix("home is a NAT on the Internet at 198.51.100.1.\n"))
    #expect(result.output.contains("alice: the STUN server sees 198.51.100.1:5000.\n"))
    #expect(
      result.output.contains("home drops it: the mapping's filter does not admit this sender"))
    #expect(result.output.count { $0 == "\n" } == 9)
  }

  @Test("An error names file, line and column, and what came before it is printed")
  func error() throws {
    let file = try file("send alice:5000 > moon:1\nladder\n")
    let result = try Program.run(["nat", file])
    #expect(result.exitCode == 65)
    #expect(
      result.errorOutput
        == "\(file):7:19: 'moon' is no address, and no host or router\n")
    #expect(result.output.count { $0 == "\n" } == 5)
  }

  @Test("The packets of each interface are written, if there is a world")
  func captures() throws {
    let file = try file("ask alice:5000 stun.example\n")
    let captures = folder + "/captures"
    let result = try Program.run(["nat", file, "--pcap", captures])
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    let names = try FileManager.default.contentsOfDirectory(atPath: captures).sorted()
    #expect(
      names == [
        "alice.pcap", "bob.pcap", "cabin-inside.pcap", "cabin-outside.pcap", "home-inside.pcap",
        "home-outside.pcap", "stun.example.pcap",
      ])
    let decoded = try Program.run(["decode", captures + "/home-outside.pcap", "--plain"])
    #expect(decoded.output.contains("198.51.100.1:5000"), "\(decoded.errorOutput)")
    try Data("send 10.0.0.2:1 > 203.0.113.9:1\n".utf8).write(to: URL(filePath: file))
    let single = try Program.run(["nat", file, "--pcap", captures])
    #expect(single.exitCode == 64)
    #expect(single.errorOutput.contains("--pcap is for a world"))
  }

  @Test("Options for one NAT are refused, and a pipe draws as well as a file")
  func options() throws {
    let file = try file("")
    let refused = try Program.run(["nat", file, "--preset", "cgn"])
    #expect(refused.exitCode == 64)
    #expect(refused.errorOutput.contains("--preset and --external are for one NAT"))
    let piped = try Program.run(
      "sh", ["-c", "'\(Program.executable)' nat --json <'\(file)'"])
    #expect(piped.exitCode == 0)
    #expect(piped.output.count { $0 == "\n" } == 5)
    #expect(piped.output.hasPrefix(#"{"lines":["home is a NAT"#))
  }

  @Test(
    "In a terminal one goes on from where the file ends", .needs("tmux"), .timeLimit(.minutes(2)))
  func terminal() throws {
    let screen = try TerminalScreen(columns: 80, rows: 40)
    try screen.command("clear; '\(Program.executable)' nat '\(try file("map\n"))'")
    try screen.wait(for: "├─ home")
    try screen.wait(for: "world>")
    try screen.command("ask alice:5000 moon")
    try screen.wait(for: "column 16: there is no host 'moon'")
    try screen.command("ask alice:5000 stun.example")
    try screen.wait(for: "the STUN server sees 198.51.100.1:5000")
    try screen.command("ladder")
    try screen.wait(for: "╋")
    try screen.command("quit")
    try screen.waitForShell()
    try screen.command("clear; '\(Program.executable)' nat")
    try screen.wait(for: "nat>")
    try screen.command("router home cgn")
    try screen.wait(for: "world>")
    try screen.press("C-d")
    try screen.waitForShell()
  }
}
