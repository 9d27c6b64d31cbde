import STUNCodec
import Testing

// Pitfalls 4 and 6.
@Suite struct ErrorTests {
  @Test("ERROR-CODE gives its code, and its reason without the padding")
  func code() throws {
    let message = try STUNMessage(
      message("00 09 00 11 00 00 04 14 55 6e 6b 6e 6f 77 6e 20 41 74 74 72 2e ff ff ff"))
    #expect(try message.errorCode == .unknownAttribute)
    #expect(try message.errorReason == "Unknown Attr.")
  }

  @Test("Reserved bits that are set change nothing")
  func reservedBits() throws {
    let message = try STUNMessage(message("00 09 00 04 ff ff fc 01"))
    #expect(try message.errorCode == .unauthenticated)
    #expect(try message.errorReason == "")
  }

  @Test("Every class but 3 to 6 and every number above 99 is refused", arguments: UInt8(0)...7)
  func ranges(hundreds: UInt8) throws {
    for number in UInt8.min ... .max {
      let message = try STUNMessage(
        message("00 09 00 04 00 00 \(Hexadecimal.text([hundreds, number]))"))
      let isValid = (3...6).contains(hundreds) && number <= 99
      let error = caught { () throws(STUNDecodingError) in
        #expect(
          try message.errorCode == ErrorCode(rawValue: UInt16(hundreds) * 100 + UInt16(number)))
      }
      #expect(error?.code == (isValid ? nil : .errorCodeOutOfRange))
    }
  }

  @Test("A value too short for class and number is refused", arguments: 0..<4)
  func short(count: Int) throws {
    let padding = count == 0 ? "" : "00 00 00 00"
    let message = try STUNMessage(message("00 09 00 0\(count) \(padding)"))
    let error = caught { () throws(STUNDecodingError) in _ = try message.errorCode }
    #expect(error?.code == .wrongValueLength)
    let other = caught { () throws(STUNDecodingError) in _ = try message.errorReason }
    #expect(other == error)
  }

  @Test("UNKNOWN-ATTRIBUTES lists types of 16 bits")
  func unknownAttributes() throws {
    let message = try STUNMessage(message("00 0a 00 06 7f 00 00 24 ff fe 00 00"))
    #expect(
      try message.unknownAttributes == [
        AttributeType(rawValue: 0x7F00), .priority, AttributeType(rawValue: 0xFFFE),
      ])
  }

  @Test("UNKNOWN-ATTRIBUTES with half a type is refused")
  func halfAType() throws {
    let message = try STUNMessage(message("00 0a 00 03 7f 00 00 00"))
    let error = caught { () throws(STUNDecodingError) in _ = try message.unknownAttributes }
    #expect(error?.code == .wrongValueLength)
  }

  @Test("A message is asked for by what it must not leave misunderstood, each type once")
  func unknownComprehensionRequired() throws {
    let message = try STUNMessage(
      message("7f 00 00 00  ff fe 00 00  00 24 00 04 00 00 00 01  7f 01 00 00  7f 00 00 00"))
    #expect(message.unknownComprehensionRequired().map(\.rawValue) == [0x7F00, 0x7F01])
    #expect(
      message.unknownComprehensionRequired(understanding: { _ in false }).map(\.rawValue)
        == [0x7F00, 0x0024, 0x7F01])
  }

  @Test("Exactly the types below 0x8000 are comprehension-required")
  func comprehension() {
    for rawValue in UInt16.min ... .max {
      #expect(AttributeType(rawValue: rawValue).isComprehensionRequired == (rawValue < 0x8000))
    }
  }
}
