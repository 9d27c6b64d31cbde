import Testing
import TransportAddress

@Suite struct TransportAddressTests {
  @Test(
    "A transport address prints as it is written",
    arguments: ["10.0.0.2:5000", "[2001:db8::1]:3478", "0.0.0.0:0", "[::]:65535"])
  func roundTrip(text: String) throws {
    #expect(try TransportAddress(parsing: text).description == text)
  }

  @Test("A literal makes the same value as the parts")
  func literal() {
    let parts = TransportAddress(.v4(IPv4Address(10, 0, 0, 2)), port: 5000)
    #expect(parts == "10.0.0.2:5000")
  }

  @Test("Transport addresses sort by family, then address, then port")
  func order() {
    let sorted: [TransportAddress] = [
      "9.0.0.1:9", "10.0.0.1:80", "10.0.0.1:443", "[::1]:1", "[2001:db8::1]:1",
      "[2001:db8::1:0:0:0]:1",
    ]
    #expect(sorted.shuffled().sorted() == sorted)
  }

  @Test(
    "A malformed transport address says what is wrong and where",
    arguments: [
      ("", 0, .empty), ("10.0.0.2", 8, .missingPort), ("10.0.0.2:", 9, .missingPort),
      ("10.0.0.2:65536", 9, .portTooLarge), ("10.0.0.2:99999999999999999999", 9, .portTooLarge),
      ("10.0.0.2:080", 9, .leadingZero), ("10.0.0.2:-1", 9, .expectedDecimalDigit),
      ("10.0.0.2:80 ", 11, .trailingText), ("10.0.0.2.3:80", 8, .trailingText),
      ("2001:db8::1", 0, .missingBracket), ("2001:db8::1:3478", 0, .missingBracket),
      ("[2001:db8::1]", 13, .missingPort), ("[2001:db8::1", 12, .unclosedBracket),
      ("[2001:db8::1]3478", 13, .trailingText), ("[fe80::1%eth0]:1", 8, .zone),
      ("[10.0.0.1]:1", 9, .expectedColon), ("localhost:80", 0, .expectedDecimalDigit),
      ("[]:80", 1, .expectedHexDigit),
    ] as [(String, Int, AddressParseError.Reason)])
  func malformed(text: String, offset: Int, reason: AddressParseError.Reason) {
    #expect(throws: AddressParseError(text: text, offset: offset, reason: reason)) {
      try TransportAddress(parsing: text)
    }
  }

  @Test("No change of one byte in a valid text makes the parser crash")
  func mutations() {
    for text in ["10.0.0.2:5000", "[2001:db8::1]:3478", "[::ffff:192.0.2.1]:1"] {
      for place in text.utf8.indices {
        for byte in UInt8(0)...127 {
          var bytes = Array(text.utf8)
          bytes[text.utf8.distance(from: text.utf8.startIndex, to: place)] = byte
          let changed = String(decoding: bytes, as: UTF8.self)
          do throws(AddressParseError) {
            let address = try TransportAddress(parsing: changed)
            #expect((try? TransportAddress(parsing: address.description)) == address)
          } catch {
            #expect(0...changed.utf8.count ~= error.offset)
          }
        }
      }
    }
  }

  @Test("A malformed literal is the programmer's error")
  func malformedLiteral() async {
    await #expect(processExitsWith: .failure) {
      _ = TransportAddress(stringLiteral: "10.0.0.2")
    }
  }
}
