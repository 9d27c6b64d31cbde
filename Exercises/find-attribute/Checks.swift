import Testing

@testable import Answer

@Suite struct FindAttributeChecks {
  private static let header: [UInt8] = [
    0x01, 0x01, 0x00, 0x24, 0x21, 0x12, 0xA4, 0x42, 0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86,
    0xFA, 0x87, 0xDF, 0xAE,
  ]
  private static let software: [UInt8] =
    [0x80, 0x22, 0x00, 0x0B] + Array("stun server".utf8) + [0]
  private static let address: [UInt8] = [
    0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0x32, 0x9A, 0xE7, 0x21, 0xC0, 0x43,
  ]
  private static let fingerprint: [UInt8] = [0x80, 0x28, 0x00, 0x04, 0xE9, 0xC5, 0xDF, 0x49]
  private static let response = header + software + address + fingerprint

  /// A value in hexadecimal, such as `00 01`.
  private func value(of type: Int, in message: [UInt8]) -> String? {
    attributeValue(of: type, in: message)?
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  @Test("The first attribute begins behind the header")
  func first() {
    let name = attributeValue(of: 0x8022, in: Self.response)
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(name == "stun server", "SOFTWARE, 80 22, begins at byte 20, and its value has 11 bytes")
  }

  @Test("The next one begins behind the padding")
  func next() {
    #expect(
      value(of: 0x0020, in: Self.response) == "00 01 32 9a e7 21 c0 43",
      "SOFTWARE has 11 bytes and one of padding, so XOR-MAPPED-ADDRESS begins at byte 36")
    #expect(
      value(of: 0x8028, in: Self.response) == "e9 c5 df 49", "FINGERPRINT is the last, at byte 48")
  }

  @Test("What is not there is nil")
  func absent() {
    #expect(value(of: 0x0008, in: Self.response) == nil, "There is no MESSAGE-INTEGRITY, 00 08")
    #expect(value(of: 0x0020, in: Self.header) == nil, "A header has no attributes")
  }

  @Test("Bytes that look like a type are none in the middle of a value")
  func disguised() {
    let disguise: [UInt8] = [0x80, 0x22, 0x00, 0x06, 0x00, 0x20, 0x00, 0x02, 0x66, 0x66, 0, 0]
    #expect(
      value(of: 0x0020, in: Self.header + disguise + Self.address) == "00 01 32 9a e7 21 c0 43",
      "The 00 20 at byte 24 is a part of SOFTWARE's value")
  }

  @Test("Of two of one type the first counts")
  func twice() {
    let second: [UInt8] = [0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0, 0, 0, 0, 0, 0]
    #expect(
      value(of: 0x0020, in: Self.response + second) == "00 01 32 9a e7 21 c0 43",
      "Somebody has put a second XOR-MAPPED-ADDRESS at the end")
  }

  @Test("A value that goes past the end is none")
  func tooLong() {
    let long: [UInt8] = [0x00, 0x20, 0x01, 0x00, 0x00, 0x01, 0x32, 0x9A]
    #expect(
      value(of: 0x0020, in: Self.header + long) == nil,
      "The length says 256 bytes, and four are there")
  }

  @Test("A message cut short is no reason to crash")
  func cutShort() {
    for count in 0..<Self.response.count {
      #expect(
        value(of: 0x8028, in: Array(Self.response.prefix(count))) == nil,
        "Only \(count) of \(Self.response.count) bytes are there")
    }
  }
}
