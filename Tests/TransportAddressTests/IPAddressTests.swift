import Testing
import TransportAddress

@Suite struct IPAddressTests {
  @Test("The first separator decides the family")
  func family() throws {
    #expect(try IPAddress(parsing: "192.0.2.1") == .v4(IPv4Address(192, 0, 2, 1)))
    #expect(try IPAddress(parsing: "::192.0.2.1") == .v6(IPv6Address(high: 0, low: 0xC000_0201)))
  }

  @Test("A mapped address is not the IPv4 address that it maps")
  func mappedIsDistinct() {
    let mapped = IPAddress.v6(IPv6Address(mapped: IPv4Address(192, 0, 2, 1)))
    #expect(mapped != "192.0.2.1")
    #expect(mapped.description == "::ffff:192.0.2.1")
  }

  @Test(
    "A malformed address of either family says what is wrong and where",
    arguments: [
      ("", 0, .empty), ("hello", 0, .expectedDecimalDigit), ("10.0.0.2:80", 8, .trailingText),
      ("fe80::1%eth0", 7, .zone), ("1:2", 3, .tooFewGroups),
    ] as [(String, Int, AddressParseError.Reason)])
  func malformed(text: String, offset: Int, reason: AddressParseError.Reason) {
    #expect(throws: AddressParseError(text: text, offset: offset, reason: reason)) {
      try IPAddress(parsing: text)
    }
  }
}
