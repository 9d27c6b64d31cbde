import Simulator
import Terminal
import Testing

@testable import PacketStepper

@Suite struct ComparisonTests {
  @Test("Before and after a translation, the bytes that differ are marked without color too")
  func translation() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("t"), .right, .character("x"))
    #expect(stepper.screen.contains("left: before home"))
    let lines = stepper.frame.lines.map(\.text)
    #expect(lines.contains { $0.hasPrefix("≠ 0A*00*00*02* C6*33*64*01*") })
    #expect(lines.contains { $0.contains("10.0.0.2 → 198.51.100.1") })
    #expect(lines.contains { $0.hasPrefix("  CB 00 71 09  CB 00 71 09 ") })
  }

  @Test("A request and its retransmission differ in no byte")
  func retransmission() {
    var stepper = PacketStepper.on(.unanswered)
    stepper.press(.character("m"), .character("]"), .character("c"))
    #expect(stepper.screen.contains("left: Step 1 of"))
    #expect(stepper.screen.contains("No byte differs."))
    stepper.press(.escape)
    #expect(stepper.screen.contains("alice sends Binding request"))
  }

  @Test("Without a mark, a packet or a translation there is nothing to compare")
  func nothing() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("c"))
    #expect(stepper.foot == "First mark a packet with 'm'.")
    stepper.press(.character("x"))
    #expect(stepper.foot == "No router passes a packet on here.")
  }

  @Test("A request and its response share the headers, and each attribute is its own side's")
  func otherFields() {
    let timeline = Timeline(.question)
    let response = timeline.count - 2
    let comparison = Comparison(
      ("left", "right"), timeline.bytes(at: 0)!, timeline.bytes(at: response)!)
    let lines = comparison.lines(width: 80).lines.map(\.text)
    #expect(lines.contains { $0.contains("STUN XOR-MAPPED-ADDRESS, right only") })
    #expect(lines.contains { $0.contains("STUN Transaction ID: ") })
  }

  @Test("At 40 columns names stand above the bytes, and nothing is cut")
  func narrow() {
    var stepper = PacketStepper.on(.question, columns: 40)
    stepper.press(.character("t"), .right, .character("x"), .pageDown)
    #expect(stepper.screen.contains("≠ 0A*00*00*02* C6*33*64*01*"))
    #expect(stepper.frame.lines.allSatisfy { $0.displayWidth <= 40 && !$0.text.contains("…") })
  }
}
