import Testing
import TransportAddress

@Suite struct IPv6AddressTests {
  @Test(
    "IPv6 prints as RFC 5952 wants, whatever form was read",
    arguments: [
      // §1: eight ways to write one address
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
      ("2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"),
      ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
      // §2.1: leading zeros
      ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
      ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
      // §4.2.1: as short as possible
      ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
      // §4.2.2: one group of zeros is no run
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      // §4.2.3: the longest run, the first of equals
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      // §4.3: lower case
      ("2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),
      // §5: an IPv4 address behind a well-known prefix
      ("::FFFF:C000:0201", "::ffff:192.0.2.1"),
      ("0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"),
      ("64:ff9b::c000:221", "64:ff9b::192.0.2.33"),
      ("64:ff9b::", "64:ff9b::0.0.0.0"),
      // Ends
      ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
      ("fe80::", "fe80::"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"), ("::192.0.2.1", "::c000:201"),
      ("1::192.0.2.1", "1::c000:201"),
    ])
  func canonicalText(written: String, printed: String) throws {
    let address = try IPv6Address(parsing: written)
    #expect(address.description == printed)
    #expect(try IPv6Address(parsing: printed) == address)
  }

  @Test("Every placing of zero and non-zero groups survives printing and parsing")
  func everyZeroPattern() throws {
    for pattern in 0..<256 {
      var address = IPv6Address(high: 0, low: 0)
      for group in 0..<8 {
        let bits: UInt64 = pattern >> group & 1 == 1 ? 0xA00 + UInt64(group) : 0
        if group < 4 {
          address.high |= bits << UInt64((3 - group) * 16)
        } else {
          address.low |= bits << UInt64((7 - group) * 16)
        }
        #expect(address[group: group] == UInt16(bits))
      }
      #expect(try IPv6Address(parsing: address.description) == address)
    }
  }

  @Test("The halves are in host order")
  func halves() {
    let address: IPv6Address = "2001:db8::a:b"
    #expect(address.high == 0x2001_0DB8_0000_0000)
    #expect(address.low == 0x000A_000B)
  }

  @Test(
    "An address that carries an IPv4 address gives it up",
    arguments: [
      ("::ffff:127.0.0.1", "127.0.0.1"), ("::127.0.0.1", "127.0.0.1"),
      ("64:ff9b::7f00:1", "127.0.0.1"), ("2002:7f00:1::", "127.0.0.1"), ("::1", nil), ("::", nil),
      ("2001:db8::7f00:1", nil), ("64:ff9b:1::7f00:1", nil),
    ] as [(String, IPv4Address?)])
  func embedded(text: String, expected: IPv4Address?) throws {
    #expect(try IPv6Address(parsing: text).embeddedIPv4 == expected)
  }

  @Test(
    "A malformed IPv6 address says what is wrong and where",
    arguments: [
      ("", 0, .empty), (":", 0, .expectedHexDigit), (":1::", 0, .expectedHexDigit),
      (":::", 2, .expectedHexDigit), ("1", 1, .tooFewGroups), ("1:2:3:4:5:6:7", 13, .tooFewGroups),
      ("1:2:3:4:5:6:7:", 14, .expectedHexDigit), ("1:2:3:4:5:6:7:8:9", 16, .tooManyGroups),
      ("1:2:3:4:5:6:7:8::", 15, .tooManyGroups), ("::1:2:3:4:5:6:7:8", 16, .tooManyGroups),
      ("1::2::3", 4, .secondDoubleColon), ("1::2:", 5, .expectedHexDigit),
      ("12345::", 4, .groupTooLong), ("2001:dg8::", 6, .expectedColon),
      ("::g", 2, .expectedHexDigit), ("fe80::1%eth0", 7, .zone), ("::1 ", 3, .trailingText),
      ("::ffff:1.2.3", 12, .tooFewOctets), ("::ffff:1.2.3.256", 13, .octetTooLarge),
      ("1:2:3:4:5:6:7:1.2.3.4", 14, .tooManyGroups), ("1.2.3.4::", 7, .expectedColon),
      ("::1.2.3.4:5", 9, .trailingText), ("[::1]", 0, .expectedHexDigit),
    ] as [(String, Int, AddressParseError.Reason)])
  func malformed(text: String, offset: Int, reason: AddressParseError.Reason) {
    #expect(throws: AddressParseError(text: text, offset: offset, reason: reason)) {
      try IPv6Address(parsing: text)
    }
  }
}
