import NATTable
import SansIO
import Testing
import TransportAddress

@testable import Answer

@Suite struct FewestPacketsChecks {
  /// The lines that the packets lead to, sorted, as texts.
  private func table() -> [String] {
    var nat = NATTable(.symmetric, external: "198.51.100.1")
    for packet in packetsForTheTable() { _ = nat.outbound(packet, at: .zero) }
    return nat.mappings.map { "\($0.inside) \($0.outside) \($0.scope)" }.sorted()
  }

  /// The outside endpoint that an inside one has towards a remote one; nil if there is no such line.
  private func outside(of inside: String, towards remote: String) -> String? {
    let line = table().first { $0.hasPrefix(inside + " ") && $0.hasSuffix(" " + remote) }
    return line.map { String($0.split(separator: " ")[1]) }
  }

  @Test("The laptop's first line is there")
  func first() {
    #expect(
      outside(of: "10.0.0.2:5000", towards: "203.0.113.9:53") == "198.51.100.1:5000",
      "10.0.0.2:5000 should be 198.51.100.1:5000 towards 203.0.113.9:53")
  }

  @Test("The phone's line is there")
  func phone() {
    #expect(
      outside(of: "10.0.0.3:5000", towards: "203.0.113.9:53") == "198.51.100.1:5002",
      "10.0.0.3:5000 should be 198.51.100.1:5002: the second to ask for 5000 gets 5002")
  }

  @Test("The laptop's second line is there")
  func second() {
    #expect(
      outside(of: "10.0.0.2:5000", towards: "192.0.2.9:53") == "198.51.100.1:5004",
      "10.0.0.2:5000 should be 198.51.100.1:5004 towards 192.0.2.9:53: the third to ask for 5000")
  }

  @Test("There is no other line")
  func noOther() {
    #expect(
      table() == [
        "10.0.0.2:5000 198.51.100.1:5000 203.0.113.9:53",
        "10.0.0.2:5000 198.51.100.1:5004 192.0.2.9:53",
        "10.0.0.3:5000 198.51.100.1:5002 203.0.113.9:53",
      ], "Every packet from a new place or to a new place makes a line")
  }

  @Test("It took three packets, the fewest there can be")
  func fewest() {
    #expect(
      packetsForTheTable().count == 3,
      "Three lines need three packets, as each is made by one packet from the inside")
  }
}
