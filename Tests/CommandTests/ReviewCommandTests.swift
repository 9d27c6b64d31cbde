import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

/// What a learner answers again, on days that the tests make up.
@Suite(.serialized, .waitsForChildren) struct ReviewCommandTests {
  let shadow = try! ShadowWorkspace()
  static let start = 1_700_000_000.0

  /// Runs a command some days after the start.
  private func run(_ arguments: String..., day: Double, input: String = "") throws -> Program.Result
  {
    let path = shadow.root + "/input"
    try Data(input.utf8).write(to: URL(filePath: path))
    return try Program.run(
      "sh", ["-c", "\"$0\" \"$@\" <'\(path)'", shadow.executable] + arguments,
      environment: [
        "WORKBOOK_STATE": shadow.state, "TZ": "UTC",
        "WORKBOOK_NOW": "\(Self.start + day * 86400)",
      ])
  }

  private struct Report: Decodable {
    struct Item: Decodable {
      var question: String?
      var example: String?
      var stepNumber: Int
      var missed: Bool
    }
    var due: [Item]
    var dueCount: Int
    var next: Double?
  }

  private func report(day: Double) throws -> Report {
    let result = try run("review", "--json", day: day)
    #expect(result.exitCode == 0)
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  @Test("Nothing is to be reviewed before anything was answered, and then until the next day")
  func nothing() throws {
    let empty = try run("review", day: 0)
    #expect(empty.exitCode == 0)
    #expect(empty.output.hasPrefix("Nothing to review: what you answer"))
    _ = try run("answer", "ice-pairs#3/1", "3", day: 0)
    let early = try run("review", day: 0.5)
    #expect(early.exitCode == 0)
    #expect(early.output == "Nothing to review until 15 November 2023, 22:14.\n")
  }

  @Test("A right answer comes back after 1, 3, 7 and 21 days, a wrong one the next day")
  func intervals() throws {
    _ = try run("answer", "ice-pairs#3/1", "3", day: 0)
    _ = try run("predict", "nat-unsolicited", "--prediction", "4", day: 0)
    let report = try report(day: 1)
    #expect(report.due.map(\.example) == ["nat-unsolicited", nil], "what was missed is first")
    let question = try #require(report.due.last?.question)
    #expect(question.hasPrefix("ice-pairs#") && question.hasSuffix("/1"))
    #expect(report.due.map(\.missed) == [true, false])
    #expect(report.due.last?.stepNumber == 3)
    var day = 1.0
    for days in [3.0, 7, 21] {
      _ = try run("predict", "nat-unsolicited", "--prediction", "1", day: day)
      _ = try run("answer", "ice-pairs#3/1", "3", day: day)
      #expect(try self.report(day: day + days - 0.1).due.isEmpty)
      #expect(try self.report(day: day + days).due.count == 2)
      day += days
    }
    _ = try run("answer", "ice-pairs#3/1", "1", day: day)
    #expect(try self.report(day: day + 1).due.filter { $0.missed }.count == 1)
  }

  @Test("Line by line each question stands alone; all right ends with 0, anything else with 1")
  func plain() throws {
    _ = try run("answer", "ice-pairs#3/1", "3", day: 0)
    _ = try run("answer", "11#4/1", "1.2.3.4", day: 0)
    let ended = try run("review", "--plain", day: 1)
    #expect(ended.exitCode == 1)
    #expect(ended.output.contains("0 of 2 right."))
    #expect(ended.output.contains("2 more are due: ./workbook review"))
    let done = try run("review", "--plain", day: 1, input: "a\n5000\nl\nn\n3\nn\n")
    #expect(done.exitCode == 0, "\(done.output)")
    #expect(done.output.contains("From Selecting a pair, step 4"))
    #expect(done.output.contains("This is a review"))
    #expect(done.output.contains("You said 5000: right"))
    #expect(done.output.contains("2 of 2 right.\nNothing to review until 18 November 2023, 22:14."))
  }
}
