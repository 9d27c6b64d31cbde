import Testing
import TransportAddress

@Suite struct IPv4AddressTests {
  @Test(
    "An IPv4 address prints as it is written",
    arguments: ["0.0.0.0", "10.0.0.2", "192.0.2.1", "203.0.113.255", "255.255.255.255"])
  func roundTrip(text: String) throws {
    #expect(try IPv4Address(parsing: text).description == text)
  }

  @Test("The raw value is in host order and the octets in travelling order")
  func rawValue() {
    let address = IPv4Address(203, 0, 113, 7)
    #expect(address.rawValue == 0xCB00_7107)
    #expect(address.octets == (203, 0, 113, 7))
    #expect(address == "203.0.113.7")
  }

  @Test("Addresses sort by their number, not by their text")
  func order() {
    #expect(IPv4Address("9.0.0.0") < IPv4Address("10.0.0.0"))
  }

  @Test(
    "A malformed IPv4 address says what is wrong and where",
    arguments: [
      ("", 0, .empty), ("10", 2, .tooFewOctets), ("10.0.0", 6, .tooFewOctets),
      ("10.0.0.", 7, .tooFewOctets), ("10..0.1", 3, .expectedDecimalDigit),
      ("256.0.0.1", 0, .octetTooLarge), ("10.0.0.99999999999999999999", 7, .octetTooLarge),
      ("10.0.0.010", 7, .leadingZero), ("10.00.0.1", 3, .leadingZero),
      ("10.0.0.1.5", 8, .trailingText), ("10.0.0.1 ", 8, .trailingText),
      (" 10.0.0.1", 0, .expectedDecimalDigit), ("10:0.0.1", 2, .expectedDot),
      ("10.0.0.-1", 7, .expectedDecimalDigit), ("0x0a.0.0.1", 1, .expectedDot),
      ("10.0.0.１", 7, .expectedDecimalDigit), ("10.0.0.1%eth0", 8, .zone),
    ] as [(String, Int, AddressParseError.Reason)])
  func malformed(text: String, offset: Int, reason: AddressParseError.Reason) {
    #expect(throws: AddressParseError(text: text, offset: offset, reason: reason)) {
      try IPv4Address(parsing: text)
    }
  }
}
