import Testing

@testable import STUNCodec

// Pitfall 13: the sample of appendix B.1 goes round in several forms, and each needs its own key.
@Suite struct RFC8489Tests {
  let nonce = "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"
  let name = RFC5769.longTermUsername

  func key(_ algorithm: PasswordAlgorithm) throws -> MessageIntegrityKey {
    try #require(
      MessageIntegrityKey(
        username: name, realm: "example.org", password: RFC5769.longTermPassword,
        algorithm: algorithm))
  }

  @Test("B.1 after erratum 6268: every field is what the RFC says, and the SHA-256 key fits")
  func correctedDecodes() throws {
    #expect(RFC8489.corrected.count == 164)
    let message = try STUNMessage(RFC8489.corrected)
    #expect(message.type == .bindingRequest)
    #expect(message.transactionID == RFC5769.longTermTransactionID)
    #expect(try message.userhash == STUNDigest.userhash(username: name, realm: "example.org"))
    #expect(try message.nonce == nonce)
    #expect(try message.realm == "example.org")
    #expect(try message.passwordAlgorithm == .sha256)
    #expect(try message.verifyMessageIntegritySHA256(with: key(.sha256)) == .verified)
    #expect(try message.verifyMessageIntegritySHA256(with: key(.md5)) == .wrong)
    #expect(try message.verifyMessageIntegrity(with: key(.sha256)) == .absent)
  }

  @Test("B.1 without PASSWORD-ALGORITHM: only the MD5 key fits, for that is what is meant then")
  func circulatingDecodes() throws {
    #expect(RFC8489.circulating.count == 156)
    let message = try STUNMessage(RFC8489.circulating)
    #expect(try message.passwordAlgorithm == nil)
    #expect(try message.verifyMessageIntegritySHA256(with: key(.md5)) == .verified)
    #expect(try message.verifyMessageIntegritySHA256(with: key(.sha256)) == .wrong)
  }

  @Test("B.1 as printed is refused: its length counts the header")
  func printedIsRefused() throws {
    let error = decodingError(RFC8489.printed)
    #expect(error?.code == .messageTruncated)
    #expect(error?.byteOffset == 2)
    #expect(error?.expected == 156)
    #expect(error?.found == 136)
  }

  @Test("B.1 as printed: its code was reckoned with the SHA-256 key over the wrong length")
  func printedCode() throws {
    let printed = RFC8489.printed
    let code = try key(.sha256).sha256.code(
      of: printed.span.bytes.extracting(first: 120), messageLength: 156)
    #expect((0..<32).map { code[$0] } == Array(RFC8489.printed.suffix(32)))
  }

  @Test(
    "B.1: the builder writes both sound forms to the bit",
    arguments: [(PasswordAlgorithm.sha256, RFC8489.corrected), (.md5, RFC8489.circulating)])
  func encodes(algorithm: PasswordAlgorithm, expected: [UInt8]) throws {
    let key = try key(algorithm)
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.longTermTransactionID
    ) { message in
      try message.append(userhash: STUNDigest.userhash(username: name, realm: "example.org"))
      try message.append(nonce: nonce)
      try message.append(realm: "example.org")
      if algorithm == .sha256 { try message.append(passwordAlgorithm: .sha256) }
      try message.appendMessageIntegritySHA256(key)
    }
    #expect(bytes == expected)
  }

  @Test("An algorithm nobody knows makes no key")
  func unknownAlgorithm() {
    #expect(
      MessageIntegrityKey(
        username: "a", realm: "b", password: "c", algorithm: PasswordAlgorithm(rawValue: 7)) == nil)
  }
}
