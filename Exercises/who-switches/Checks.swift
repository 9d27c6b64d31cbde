import ICE
import Testing

@testable import Answer

@Suite struct WhoSwitchesChecks {
  @Test("If one controls and the other is controlled, all stays as it is")
  func noConflict() {
    #expect(
      roleAfter(.controlled, 9, role: .controlling, tiebreaker: 1) == .controlling,
      "You control and the peer does not: the numbers do not matter")
    #expect(
      roleAfter(.controlling, 1, role: .controlled, tiebreaker: 9) == .controlled,
      "The peer controls and you do not: the numbers do not matter")
  }

  @Test("If both want to control, who has the smaller number gives in")
  func bothControl() {
    #expect(
      roleAfter(.controlling, 9, role: .controlling, tiebreaker: 1) == .controlled,
      "The peer's number is the larger one, so the peer controls")
  }

  @Test("If both want to control, who has the larger number sends the other an error")
  func bothControlLarger() {
    #expect(
      roleAfter(.controlling, 1, role: .controlling, tiebreaker: 9) == nil,
      "Yours is the larger one: you keep your role, and 487 tells the peer to switch")
  }

  @Test("If both are controlled, who has the larger number takes control")
  func bothControlled() {
    #expect(
      roleAfter(.controlled, 1, role: .controlled, tiebreaker: 9) == .controlling,
      "Whatever the conflict is, in the end the larger number controls: that is you")
  }

  @Test("If both are controlled, who has the smaller number sends the other an error")
  func bothControlledSmaller() {
    #expect(
      roleAfter(.controlled, 9, role: .controlled, tiebreaker: 1) == nil,
      "The peer's is the larger one, so it is the peer that must switch: tell it by 487")
  }

  @Test("Of equal numbers the one that is asked counts as the larger")
  func equal() {
    #expect(
      roleAfter(.controlling, 5, role: .controlling, tiebreaker: 5) == nil,
      "Larger or equal: you keep control, and answer 487")
  }
}
