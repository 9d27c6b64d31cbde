import Testing

@testable import STUNCodec

@Suite struct VerificationTests {
  let key = MessageIntegrityKey(shortTermPassword: "secret")
  let wrongKey = MessageIntegrityKey(shortTermPassword: "Secret")

  /// A message with MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and FINGERPRINT.
  func protected() throws -> [UInt8] {
    try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(username: "evtj:h6vY")
      try message.appendMessageIntegrity(key)
      try message.appendMessageIntegritySHA256(key)
      try message.appendFingerprint()
    }
  }

  // Pitfall 2: each is computed as if the message ended with it.
  @Test("MESSAGE-INTEGRITY, its SHA-256 form and FINGERPRINT of one message all verify")
  func all() throws {
    let message = try STUNMessage(protected())
    #expect(message.verifyMessageIntegrity(with: key) == .verified)
    #expect(message.verifyMessageIntegritySHA256(with: key) == .verified)
    #expect(message.verifyFingerprint() == .verified)
  }

  @Test("With another password both integrity checks are wrong, the fingerprint still right")
  func wrongPassword() throws {
    let message = try STUNMessage(protected())
    #expect(message.verifyMessageIntegrity(with: wrongKey) == .wrong)
    #expect(message.verifyMessageIntegritySHA256(with: wrongKey) == .wrong)
    #expect(message.verifyFingerprint() == .verified)
  }

  // Pitfall 3.
  @Test("A missing MESSAGE-INTEGRITY is absent, which is not verified")
  func absent() throws {
    let message = try STUNMessage(message(""))
    #expect(message.verifyMessageIntegrity(with: key) == .absent)
    #expect(message.verifyMessageIntegritySHA256(with: key) == .absent)
    #expect(message.verifyFingerprint() == .absent)
  }

  @Test("A MESSAGE-INTEGRITY that is not 20 bytes is wrong", arguments: [0, 4, 16, 19, 21, 24, 32])
  func macLength(count: Int) throws {
    let value = [UInt8](repeating: 0, count: count + (-count & 3))
    let message = try STUNMessage(
      message("0008" + Hexadecimal.text([0, UInt8(count)]) + Hexadecimal.text(value)))
    #expect(message.verifyMessageIntegrity(with: key) == .wrong)
  }

  @Test("An HMAC-SHA256 cut short counts only at the length that was agreed on", arguments: 0...32)
  func truncation(count: Int) throws {
    var bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(
        .messageIntegritySHA256, value: [UInt8](repeating: 0, count: count).span.bytes)
    }
    let code = key.sha256.code(
      of: bytes.span.bytes.extracting(first: 20), messageLength: UInt16(bytes.count - 20))
    for index in 0..<count { bytes[24 + index] = code[index] }
    let message = try STUNMessage(bytes)
    let isAllowed = count >= 16 && count % 4 == 0
    #expect(
      message.verifyMessageIntegritySHA256(with: key, byteCount: count)
        == (isAllowed ? .verified : .wrong))
    #expect(message.verifyMessageIntegritySHA256(with: key) == (count == 32 ? .verified : .wrong))
  }

  @Test("A FINGERPRINT that is not last is wrong")
  func fingerprintNotLast() throws {
    var bytes = try protected()
    bytes += hex("80 22 00 00")
    bytes[3] += 4
    #expect(try STUNMessage(bytes).verifyFingerprint() == .wrong)
  }

  @Test("A key longer than a block is hashed first, as HMAC lays down")
  func longKey() throws {
    // RFC 2202 §3, test case 6, and RFC 4231 §4.7: the data begin with the bytes that the message
    // length would replace, so the length given is the one that stands there.
    let data = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
    let length = UInt16(data[2]) << 8 | UInt16(data[3])
    let sha1 = PreparedHMAC<SHA1Hash>(key: [UInt8](repeating: 0xAA, count: 80))
      .code(of: data.span.bytes, messageLength: length)
    #expect(
      (0..<20).map { sha1[$0] } == hex("aa4ae5e15272d00e95705637ce8a3b55ed402112"))
    let sha256 = PreparedHMAC<SHA256Hash>(key: [UInt8](repeating: 0xAA, count: 131))
      .code(of: data.span.bytes, messageLength: length)
    #expect(
      (0..<32).map { sha256[$0] }
        == hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"))
  }
}
