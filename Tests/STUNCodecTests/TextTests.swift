import STUNCodec
import Testing

@Suite struct TextTests {
  /// An attribute of this many bytes, all `A`.
  func attribute(_ type: AttributeType, count: Int) -> String {
    Hexadecimal.text(
      [
        UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF), UInt8(count >> 8),
        UInt8(count & 0xFF),
      ] + [UInt8](repeating: 0x41, count: count + (-count & 3)))
  }

  @Test(
    "A text as long as it may be is read, one byte more is refused",
    arguments: [
      (AttributeType.username, 508), (.realm, 763), (.nonce, 763), (.software, 763),
    ])
  func limits(type: AttributeType, limit: Int) throws {
    for count in [0, limit, limit + 1] {
      let message = try STUNMessage(message(attribute(type, count: count)))
      let error = caught { () throws(STUNDecodingError) in
        _ = try message.username
        _ = try message.realm
        _ = try message.nonce
        _ = try message.software
      }
      #expect(error?.code == (count > limit ? .valueTooLong : nil))
      #expect(error?.attribute == (count > limit ? type : nil))
    }
  }

  @Test("Text that is not UTF-8 is refused where it begins")
  func notUTF8() throws {
    let message = try STUNMessage(message("00 06 00 02 c3 28 00 00"))
    let error = caught { () throws(STUNDecodingError) in _ = try message.username }
    #expect(error?.code == .notUTF8)
    #expect(error?.byteOffset == 24)
    #expect(error?.description == "byte 24: the text of USERNAME is not UTF-8 (RFC 8489 §14.3)")
  }

  // Pitfall 7.
  @Test("SOFTWARE is 0x8022, and 0x0022 is RESERVATION-TOKEN")
  func softwareNumber() throws {
    #expect(AttributeType.software.rawValue == 0x8022)
    #expect(AttributeType(rawValue: 0x0022).name == "RESERVATION-TOKEN")
    let message = try STUNMessage(message("00 22 00 04 41 41 41 41"))
    #expect(try message.software == nil)
  }

  @Test("An empty text is there, and empty")
  func empty() throws {
    let message = try STUNMessage(message("80 22 00 00"))
    #expect(try message.software == "")
    #expect(try message.realm == nil)
  }
}
