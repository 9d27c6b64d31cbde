import STUNCodec
import Testing

@testable import Answer

@Suite struct VerifyFingerprintChecks {
  /// RFC 5769 §2.2.
  let response: [UInt8] = [
    0x01, 0x01, 0x00, 0x3C, 0x21, 0x12, 0xA4, 0x42, 0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86,
    0xFA, 0x87, 0xDF, 0xAE, 0x80, 0x22, 0x00, 0x0B, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
    0x74, 0x6F, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43,
    0x00, 0x08, 0x00, 0x14, 0x2B, 0x91, 0xF5, 0x99, 0xFD, 0x9E, 0x90, 0xC3, 0x8C, 0x74, 0x89, 0xF9,
    0x2A, 0xF9, 0xBA, 0x53, 0xF0, 0x6B, 0xE7, 0xD7, 0x80, 0x28, 0x00, 0x04, 0xC0, 0x7D, 0x4C, 0x96,
  ]

  @Test("The fingerprint of RFC 5769's response is right")
  func right() {
    #expect(
      hasRightFingerprint(response) == true,
      "The CRC-32 of the first 72 bytes, XORed with 5354554E, is C07D4C96.")
  }

  @Test("A message with nothing but a fingerprint is checked too")
  func alone() throws {
    for low in UInt64(0)..<50 {
      let message = try STUNMessage.encode(
        .bindingRequest, transactionID: TransactionID(high: 1, low: low)
      ) { try $0.appendFingerprint() }
      #expect(
        hasRightFingerprint(message) == true,
        "Twenty bytes of header and eight of FINGERPRINT: the CRC is that of the header.")
    }
  }

  @Test("Any bit that is flipped before it makes it wrong")
  func flipped() {
    for bit in 0..<72 * 8 {
      var message = response
      message[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(
        hasRightFingerprint(message) == false, "Bit \(bit % 8) of byte \(bit / 8) is another.")
    }
  }

  @Test("Any bit that is flipped in its value makes it wrong")
  func flippedValue() {
    for bit in 76 * 8..<80 * 8 {
      var message = response
      message[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(
        hasRightFingerprint(message) == false, "All 32 bits of the value have to be right.")
    }
  }

  @Test("The checksum as zip writes it is not the fingerprint")
  func plainChecksum() {
    var message = response
    // C0 7D 4C 96 without the XOR with 53 54 55 4E.
    message.replaceSubrange(76..., with: [0x93, 0x29, 0x19, 0xD8])
    #expect(
      hasRightFingerprint(message) == false,
      "This is the bare CRC-32; a STUN sender XORs it with 5354554E.")
  }

  @Test("A message that does not end with one has none")
  func absent() {
    #expect(
      hasRightFingerprint(Array(response.dropLast(8))) == nil,
      "This message ends with MESSAGE-INTEGRITY: nothing is known, which is not wrong.")
    #expect(
      hasRightFingerprint(response + [0x80, 0x22, 0, 0]) == nil,
      "The last eight bytes are not a FINGERPRINT here: it is not the last attribute.")
  }

  @Test("Bytes too few for a header and a fingerprint have none")
  func short() {
    for count in 0..<28 {
      #expect(hasRightFingerprint(Array(response.suffix(count))) == nil, "Only \(count) bytes.")
    }
  }
}
