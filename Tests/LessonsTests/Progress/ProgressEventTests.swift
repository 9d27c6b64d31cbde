import FoundationEssentials
import Testing

@testable import Lessons

@Suite struct ProgressEventTests {
  @Test("Each event is one line that reads back as it was", arguments: ProgressEvent.samples)
  func roundTrip(event: ProgressEvent) throws {
    let line = event.line(time: 1_700_000_000.25)
    #expect(line.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    #expect(line.hasSuffix("}\n"))
    let read = try #require(ProgressEvent.read(Array(line.utf8.dropLast())))
    #expect(read == (event, 1_700_000_000.25))
  }

  @Test("A line begins with version, time and event, and then has the event's fields")
  func format() {
    #expect(
      ProgressEvent.checked(exercise: "pair-priority", outcome: "passed", seconds: 0.25)
        .line(time: 1_700_000_000.1234)
        == #"{"v":1,"time":1700000000.123,"event":"checked","exercise":"pair-priority","outcome":"passed","seconds":0.25}"#
        + "\n")
  }

  @Test(
    "What is no event of this program is none, and never a crash",
    arguments: [
      "", "x", "[]", "{", "{}", "null", #"{"v":1}"#, #"{"v":1,"time":1,"event":"place"}"#,
      #"{"v":1,"time":1,"event":"place","note":7,"step":"a"}"#,
      #"{"v":1,"time":1,"event":"flown","note":"a"}"#,
      #"{"v":2,"time":1,"event":"place","note":"a","step":"b"}"#,
      #"{"time":1,"event":"place","note":"a","step":"b"}"#,
      #"{"v":1,"time":1,"event":"hint","exercise":"a","number":1e99}"#,
      #"{"v":1,"time":1,"event":"hint","exercise":"a"}"#, "\u{0}\u{0}\u{0}",
      String(repeating: "[", count: 100_000),
    ])
  func foreign(line: String) {
    #expect(ProgressEvent.read(Array(line.utf8)) == nil)
  }

  @Test("Fields that a newer program added do no harm")
  func newerFields() {
    let line = #"{"v":1,"time":1,"event":"started","exercise":"a","mood":"good","note":"n"}"#
    #expect(ProgressEvent.read(Array(line.utf8))?.event == .started(exercise: "a"))
  }

  @Test("A number that JSON cannot hold is written as 0")
  func notFinite() {
    let event = ProgressEvent.checked(exercise: "a", outcome: "failed", seconds: .infinity)
    let line = Array(event.line(time: .nan).utf8)
    #expect(
      ProgressEvent.read(line)?.event == .checked(exercise: "a", outcome: "failed", seconds: 0))
  }
}
