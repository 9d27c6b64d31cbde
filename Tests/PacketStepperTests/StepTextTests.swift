import Simulator
import Terminal
import Testing

@testable import PacketStepper

@Suite struct StepTextTests {
  private static func text(_ trace: Trace) -> [String] {
    StepText.lines(of: trace, Presentation(width: 80)).map(\.text)
  }

  @Test("As text each step has a paragraph, with fields, changes and tables where they belong")
  func text() {
    let lines = Self.text(.question)
    let count = Trace.question.events.count
    #expect(lines.count { $0.hasPrefix("Step ") } == count)
    #expect(lines[0].hasPrefix("Step 1 of \(count), 0.0 ms, packet 1: alice sends Binding request"))
    #expect(lines.contains("  UDP Destination Port: 3478"))
    #expect(lines.contains("  IPv4 Source Address: 10.0.0.2 becomes 198.51.100.1"))
    #expect(lines.contains("+ UDP 10.0.0.2:5000 ⇄ 198.51.100.1:5000  300 s"))
  }

  @Test("A trace without events has no text")
  func empty() {
    #expect(Self.text(Network(seed: 1).trace) == [])
  }
}
