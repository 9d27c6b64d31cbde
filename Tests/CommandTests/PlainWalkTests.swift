import FoundationEssentials
import Glibc
import Lessons
import TestSupport
import Testing

/// The learner's whole way without a screen: commands from a pipe, words to a pipe.
@Suite(.serialized, .waitsForChildren) struct PlainWalkTests {
  let base = TestFolder.make()

  /// Gives the reader lines on standard input; what it printed.
  func read(_ lines: [String], _ environment: [String: String] = [:]) throws -> Program.Result {
    let input = base + "/input"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: input))
    return try Program.run(
      "sh", ["-c", "'\(Program.executable)' reader nat-table --plain < '\(input)'"],
      environment: [
        "WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers",
      ].merging(environment) { $1 })
  }

  @Test("A learner reads, predicts, runs, answers, writes, fails, takes a hint and passes")
  func walk() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let exercise = Program.workspace.exercisesFolder + "/translate-outbound"
    let editor = try ScriptedEditor.make(
      in: base,
      writing: [exercise + "/Mistakes/address-only.swift", exercise + "/Solution.swift"])
    let result = try read(
      [
        "1", "2", "g nat-table#nobody-asked-for-this-packet", "r nat-unsolicited",
        "forward UDP 198.51.100.1:3478 → 10.0.0.2:5000", "drop", "",
        "g nat-table#write-it-yourself",
        "e translate-outbound", "h", "e translate-outbound", "s", "/ parity", "l", "nonsense", "q",
      ], ["EDITOR": editor])
    #expect(result.exitCode == 0)
    #expect(!result.output.contains("\u{1B}"))
    var rest = result.output[...]
    // In this order, each behind the one before.
    for text in [
      "One address for a whole house", "You said 1", "You said 2", "What will it print?",
      "1 of 4 lines as you predicted.", "Write it yourself", "Your copy is ",
      "What happened: Only the address is replaced.", "Hint 1", "all 7 checks passed", "A solution",
      "found. Go to one with", "stun-message", "There is no command 'nonsense'",
    ] {
      let found = rest.firstRange(of: text)
      #expect(found != nil, "'\(text)' in:\n\(rest)")
      if let found { rest = rest[found.upperBound...] }
    }
  }

  @Test(
    "The end of input quits cleanly, wherever it comes",
    arguments: [[], ["r"], ["g nat-table#4", "r", "a"]])
  func endOfInput(lines: [String]) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let result = try read(lines)
    #expect(result.exitCode == 0)
    #expect(result.errorOutput.isEmpty)
  }

  @Test(
    "A terminal without a screen to draw on gets the plain reader",
    arguments: [["TERM": "dumb"], ["ACCESSIBLE": "1"]])
  func dumbTerminal(environment: [String: String]) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let result = try Program.run(
      "sh", ["-c", "echo q | script -qefc \"'\(Program.executable)' reader nat-table\" /dev/null"],
      environment: [
        "WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers",
      ].merging(environment) { $1 })
    #expect(result.output.contains("command, ? for help"))
    #expect(!result.output.contains("\u{1B}"))
  }
}
