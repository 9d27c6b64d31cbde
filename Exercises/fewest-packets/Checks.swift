import NATTable
import SansIO
import Testing
import TransportAddress

@testable import Answer

@Suite struct FewestPacketsChecks {
  /// The lines that the packets lead to, as texts.
  private func lines() -> [String] {
    var nat = NATTable(.symmetric, external: "203.0.113.7")
    for packet in packetsForTheTable() { _ = nat.outbound(packet, at: .zero) }
    return nat.mappings.map { "\($0.inside) \($0.outside) \($0.scope)" }
  }

  @Test("The laptop's first line is there")
  func first() {
    #expect(
      lines().contains("10.0.0.2:5000 203.0.113.7:5000 198.51.100.1:53"),
      "10.0.0.2:5000 should be 203.0.113.7:5000 towards 198.51.100.1:53")
  }

  @Test("The phone's line is there")
  func phone() {
    #expect(
      lines().contains("10.0.0.3:5000 203.0.113.7:5002 198.51.100.1:53"),
      "10.0.0.3:5000 should be 203.0.113.7:5002: the second to ask for 5000 gets 5002")
  }

  @Test("The laptop's second line is there")
  func second() {
    #expect(
      lines().contains("10.0.0.2:5000 203.0.113.7:5004 192.0.2.9:53"),
      "10.0.0.2:5000 should be 203.0.113.7:5004 towards 192.0.2.9:53: the third to ask for 5000")
  }

  @Test("There is no other line")
  func noOther() {
    #expect(lines().count == 3, "Every packet from a new place or to a new place makes a line")
  }

  @Test("It took three packets, the fewest there can be")
  func fewest() {
    #expect(
      packetsForTheTable().count == 3,
      "Three lines need three packets, as each is made by one packet from the inside")
  }
}
