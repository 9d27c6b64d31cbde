import FoundationEssentials
import TestSupport
import Testing

/// `workbook nat` as a script's reader; what the lines mean is tested with the console itself.
@Suite(.serialized, .waitsForChildren) struct NATTests {
  private func run(_ script: String, _ arguments: [String] = []) throws -> Program.Result {
    let folder = TestFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/script"
    try Data(script.utf8).write(to: URL(filePath: file))
    return try Program.run(["nat", file] + arguments)
  }

  @Test("A script's lines are obeyed in order, and it ends with 0")
  func script() throws {
    let result = try run("send 10.0.0.2:5000 > 198.51.100.1:3478\nreply\nquit\nnonsense\n")
    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        forward UDP 203.0.113.7:5000 → 198.51.100.1:3478
        forward UDP 198.51.100.1:3478 → 10.0.0.2:5000

        """)
  }

  @Test("JSON is one object a line")
  func json() throws {
    struct Line: Decodable {
      var result: String
      var source: String?
    }
    let result = try run(
      "send 10.0.0.2:5000 > 198.51.100.1:3478\nwait 1s\ntable\n", ["--json", "--preset", "linux"])
    let lines = try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.result) == ["packet", "waited", "table"])
    #expect(lines[0].source == "203.0.113.7:5000")
  }

  @Test("Bad input ends the script with 65 and one line that names the place")
  func badInput() throws {
    let result = try run("send 10.0.0.2:5000 > 198.51.100.1:3478\n\nwait 30x\ntable\n")
    #expect(result.exitCode == 65)
    #expect(result.errorOutput.hasSuffix(":3:8: the unit of a time is ms, s, m, h or d\n"))
    #expect(result.output.hasPrefix("forward"))
  }

  @Test("Under --json what is wrong is an object too, and a drop has a code")
  func jsonErrors() throws {
    struct Line: Decodable {
      var result: String
      var code: String?
      var line: Int?
      var column: Int?
      var message: String?
    }
    let result = try run(
      "receive 192.0.2.9:1 > 203.0.113.7:5000\nexpect forward\nwait 30x\nwait 1s\n",
      ["--json", "--keep-going"])
    #expect(result.exitCode == 65)
    let lines = try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.result) == ["packet", "unmet", "error", "waited"])
    #expect(lines[0].code == "noMapping")
    #expect((lines[1].line, lines[1].column) == (2, 8))
    #expect((lines[2].line, lines[2].column) == (3, 8))
    #expect(lines[2].message == "the unit of a time is ms, s, m, h or d")
  }

  @Test("A script ends with 1 at an expectation that is not so, or at its end when it keeps going")
  func expectations() throws {
    let script = "receive 192.0.2.9:1 > 203.0.113.7:5000\nexpect forward\nexpect drop\n"
    let first = try run(script)
    #expect(first.exitCode == 1)
    #expect(first.errorOutput.contains(":2:8: the packet met with another end: drop: "))
    #expect(!first.output.contains("as expected"))
    let all = try run(script, ["--keep-going"])
    #expect(all.exitCode == 1)
    #expect(all.output.hasSuffix("as expected\n"))
    #expect(all.errorOutput.split(separator: "\n").count == 1)
  }

  @Test("A goal that is reached is a line, in JSON too")
  func goals() throws {
    let script = "goal 10.0.0.2:5000\npar 1\nsend 10.0.0.2:5000 > 192.0.2.9:1\n"
    #expect(try run(script).output.hasSuffix("\ngoal reached in 1 packet: par\n"))
    let json = try run(script, ["--json"]).output.split(separator: "\n").last
    #expect(json == #"{"packets":1,"par":1,"result":"reached","version":1}"#)
  }

  @Test("Wrong options are refused with 64, and a script that is not there with 69")
  func usage() throws {
    #expect(try run("", ["--preset", "nat"]).exitCode == 64)
    #expect(try run("", ["--external", "1.2.3"]).exitCode == 64)
    #expect(try Program.run(["nat", "/nowhere"]).exitCode == 69)
  }

  @Test(
    "What does not fit together with --tun is refused with 64 and one line, whoever asks",
    arguments: [
      ["--tun"], ["--tun", "--inside", "tun0", "--", "true"], ["--mapping", "address-dependent"],
      ["--", "true"], ["--quiet"], ["--timer", "udp 30s"], ["--tun", "--keep-going", "--", "true"],
      ["--tun", "--external", "2001:db8::7", "--", "true"],
      ["--tun", "--preset", "nat64", "--", "true"],
      ["--tun", "--external", "203.0.113.254", "--", "true"],
      ["--tun", "--gateway", "10.0.0.0/24", "--", "true"],
      ["--tun", "--gateway", "10.0.0.255/24", "--", "true"],
      ["--tun", "--gateway", "192.0.2.7/30", "--", "true"],
      ["--tun", "--external", "10.0.0.77", "--", "true"],
      ["--tun", "--external", "203.0.113.7", "--external", "10.0.0.77", "--", "true"],
    ])
  func tunUsage(arguments: [String]) throws {
    let result = try Program.run(["nat"] + arguments)
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.split(separator: "\n").count == 1, "\(result.errorOutput)")
  }

  @Test(
    "A value that is none of its option's is refused with 64 and the option's help",
    arguments: [
      ["--tun", "--mapping", "cone", "--", "true"], ["--tun", "--inside", "a/b/c"],
      ["--tun", "--gateway", "10.0.0.1", "--", "true"],
      ["--tun", "--inside", "a-name-of-16-byte"], ["--tun", "--outside", "/tun0", "--", "true"],
      ["--preset", "nat"], ["--external", "1.2.3"],
    ])
  func tunValues(arguments: [String]) throws {
    let result = try Program.run(["nat"] + arguments)
    #expect(result.exitCode == 64)
    let option = try #require(arguments.last { $0.hasPrefix("--") && $0 != "--" })
    #expect(
      result.errorOutput.hasPrefix("Error: The value '") && result.errorOutput.contains(option),
      "\(result.errorOutput)")
  }

  @Test("A large script costs memory for its lines alone, undone or not")
  func large() throws {
    let lines = (1024..<9024).map { "send 10.0.0.2:\($0) > 198.51.100.1:1\n" }.joined()
    let folder = TestFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data((lines + "undo\nundo\n").utf8).write(to: URL(filePath: folder + "/script"))
    // A thousand tables, of which most hold thousands of mappings, would not find room in it.
    let result = try Program.run(
      "sh",
      ["-c", "ulimit -v 600000; exec '\(Program.executable)' nat '\(folder)/script' | tail -n 2"])
    #expect(result.output == "taken back; now 0 s\ntaken back; now 0 s\n")
  }

  @Test(
    "Who writes lines into a pipe gets each result before the next line", arguments: ["", "--json"])
  func dialogue(format: String) throws {
    let result = try Program.run(
      "bash",
      [
        "-c",
        """
        coproc NAT { exec '\(Program.executable)' nat \(format); }
        echo 'send 10.0.0.2:5000 > 198.51.100.1:3478' >&${NAT[1]}
        read -r -t 60 first <&${NAT[0]}
        echo "$first"
        echo reply >&${NAT[1]}
        read -r -t 60 second <&${NAT[0]}
        echo "$second"
        """,
      ])
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3)
    #expect(lines.first?.contains("203.0.113.7:5000") == true)
    #expect(lines.dropFirst().first?.contains("10.0.0.2:5000") == true)
  }
}
