import STUNCodec
import Testing

@Suite struct STUNMessageViewTests {
  @Test("A header alone is a message")
  func headerOnly() throws {
    let message = try STUNMessage(message(""))
    #expect(message.type == .bindingRequest)
    #expect(message.attributes.isEmpty)
  }

  @Test("Fewer than 20 bytes are reported at the place where they end", arguments: 0..<20)
  func shortHeader(count: Int) {
    let error = decodingError(Array(RFC5769.sampleRequest.prefix(count)))
    #expect(error?.code == .headerTruncated)
    #expect(error?.byteOffset == count)
    #expect(error?.field == "STUN header")
    #expect(error?.section == "RFC 8489 §5")
  }

  // Pitfall 17: the first byte tells STUN (0 to 3) from its neighbours on a port.
  @Test("A first byte with either of its two highest bits set is not STUN")
  func notSTUN() {
    for first in UInt8.min ... .max {
      var bytes = message("")
      bytes[0] = first
      let error = decodingError(bytes)
      #expect(error?.code == (first < 0x40 ? nil : .notSTUN))
      #expect(decodingError([first])?.code == (first < 0x40 ? .headerTruncated : .notSTUN))
    }
  }

  @Test("Every cookie with a bit wrong is refused", arguments: 0..<32)
  func cookie(bit: Int) {
    var bytes = message("")
    bytes[4 + bit / 8] ^= 0x80 >> (bit % 8)
    let error = decodingError(bytes)
    #expect(error?.code == .wrongMagicCookie)
    #expect(error?.byteOffset == 4)
  }

  @Test("A length that is no multiple of 4 is refused", arguments: [1, 2, 3, 5, 255])
  func oddLength(length: UInt8) {
    var bytes = message("")
    bytes[3] = length
    let error = decodingError(bytes)
    #expect(error?.code == .lengthNotMultipleOfFour)
    #expect(error?.byteOffset == 2)
    #expect(error?.found == Int(length))
  }

  @Test("A length that promises more than has come is a message cut short")
  func truncated() {
    let error = decodingError(Array(RFC5769.sampleRequest.dropLast(8)))
    #expect(error?.code == .messageTruncated)
    #expect(error?.expected == 0x58)
    #expect(error?.found == 0x50)
    #expect(
      error?.description
        == "byte 2: the header promises 88 bytes after it, but only 80 have come: "
        + "the message is cut short (RFC 8489 §5)")
  }

  @Test("Bytes after the message's end are refused")
  func trailing() {
    #expect(decodingError(RFC5769.sampleRequest + [0, 0, 0, 0])?.code == .trailingBytes)
    #expect(decodingError(RFC5769.sampleRequest + [0])?.code == .trailingBytes)
  }

  @Test("An attribute that reaches past the message's end is refused where its length stands")
  func attributeTooLong() {
    let error = decodingError(message("80 22 00 04 41 42 43 44  80 22 00 05 41 42 43 44"))
    #expect(error?.code == .attributeTruncated)
    #expect(error?.attribute == .software)
    #expect(error?.byteOffset == 30)
    #expect(error?.expected == 5)
    #expect(error?.found == 4)
    #expect(error?.field == "SOFTWARE")
    #expect(error?.section == "RFC 8489 §14")
  }

  @Test("An attribute whose padding alone is missing is refused too")
  func paddingMissing() {
    var bytes = message("80 22 00 05 41 42 43 44 45 00 00 00")
    bytes.removeLast(4)
    bytes[3] = 8
    #expect(decodingError(bytes)?.code == .attributeTruncated)
  }

  // Pitfall 10.
  @Test(
    "An attribute length at which 4 + length wraps in 16 bits is refused",
    arguments: [0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0xFFF8])
  func wrap(length: Int) {
    let error = decodingError(
      message("80 22 \(Hexadecimal.text([UInt8(length >> 8), UInt8(length & 0xFF)])) 00 20 00 00"))
    #expect(error?.code == .attributeTruncated)
    #expect(error?.expected == length)
  }

  @Test("The longest message that 16 bits can count is read, its last attribute too")
  func longest() throws {
    let body = hex("80 22 ff f8") + [UInt8](repeating: 0x41, count: 0xFFF8)
    let bytes =
      hex("00 01 ff fc 21 12 a4 42") + [UInt8](repeating: 7, count: 12) + body
    let message = try STUNMessage(bytes)
    #expect(message.attributes.first?.value.count == 0xFFF8)
  }

  @Test("Methods and attributes without a name are kept as numbers")
  func unknown() throws {
    let message = try STUNMessage(message("ff fe 00 01 2a 00 00 00", type: "2BCD"))
    #expect(message.type.rawValue == 0x2BCD)
    #expect(message.attributes.map(\.type) == [AttributeType(rawValue: 0xFFFE)])
    #expect(message.attributes[0].value == [0x2A])
    #expect(message.attributes[0].paddingByteCount == 3)
    #expect("\(message.attributes[0].type)" == "0xFFFE")
  }

  // Pitfall 8, the receiver's half.
  @Test("Whatever the padding holds, the value does not")
  func padding() throws {
    let message = try STUNMessage(message("80 22 00 01 41 ff fe fd"))
    #expect(try message.software == "A")
  }

  @Test("Of two attributes of one type the first is the one that counts")
  func duplicates() throws {
    let message = try STUNMessage(message("80 22 00 01 41 00 00 00  80 22 00 01 42 00 00 00"))
    #expect(try message.software == "A")
    #expect(message.attributes.count == 2)
  }
}

/// What decoding these bytes throws, or nil.
func decodingError(_ bytes: [UInt8]) -> STUNDecodingError? {
  do {
    _ = try STUNMessage(bytes)
    return nil
  } catch {
    return error
  }
}
