import STUNCodec
import Testing

@Suite struct LongTermAttributeTests {
  @Test("The attributes written are the attributes read")
  func roundTrip() throws {
    let (nonce, block): ([UInt8], [UInt8]) = ([1, 2, 3], [4, 5])
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(passwordAlgorithms: [.sha256, .md5])
      try message.append(passwordAlgorithm: .sha256)
      try message.append(alternateDomain: "stun.example.org")
      try message.append(thirdPartyAuthorization: "turn.example.org")
      try message.append(accessTokenNonce: nonce.span.bytes, encryptedBlock: block.span.bytes)
    }
    let message = try STUNMessage(bytes)
    #expect(try message.passwordAlgorithms == [.sha256, .md5])
    #expect(try message.passwordAlgorithm == .sha256)
    #expect(try message.alternateDomain == "stun.example.org")
    #expect(try message.thirdPartyAuthorization == "turn.example.org")
    let token = try #require(try message.accessToken)
    #expect(token.nonce == [1, 2, 3] && token.encryptedBlock == [4, 5])
  }

  @Test("Parameters are stepped over, padded or, in the last entry, not")
  func parameters() throws {
    let message = try STUNMessage(
      message("80 02 00 0d  00 07 00 03 01 02 03 00  00 02 00 01 09 00 00 00"))
    #expect(
      try message.passwordAlgorithms == [PasswordAlgorithm(rawValue: 7), .sha256])
  }

  @Test(
    "A list that does not add up is refused at its place",
    arguments: [
      ("80 02 00 00", STUNDecodingError.Code.wrongValueLength, 22),
      ("80 02 00 03 00 01 00 00", .wrongValueLength, 22),
      ("80 02 00 06 00 01 00 00 00 02 00 00", .malformedValue, 28),
      ("80 02 00 04 00 01 00 01", .malformedValue, 26),
      ("80 02 00 08 00 01 ff ff 00 00 00 00", .malformedValue, 26),
      ("00 1d 00 08 00 01 00 00 00 02 00 00", .wrongValueLength, 22),
      ("00 1b 00 01 00 00 00 00", .wrongValueLength, 22),
      ("00 1b 00 04 00 03 00 00", .malformedValue, 24),
    ])
  func malformed(attribute: String, code: STUNDecodingError.Code, offset: Int) throws {
    let message = try STUNMessage(message(attribute))
    let error = caught { () throws(STUNDecodingError) in try readFurther(message) }
    #expect(error?.code == code)
    #expect(error?.byteOffset == offset)
  }

  @Test("A name longer than a domain name can be is refused, written and read")
  func domainLength() throws {
    #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(alternateDomain: String(repeating: "a", count: 256))
      }
    }
    let value = [UInt8](repeating: 0x61, count: 256)
    let message = try STUNMessage(message("80 03 01 00" + Hexadecimal.text(value)))
    let error = caught { () throws(STUNDecodingError) in _ = try message.alternateDomain }
    #expect(error?.code == .valueTooLong)
  }

  @Test("A USERHASH of another length than SHA-256's is not written")
  func userhashLength() {
    #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(userhash: [UInt8](repeating: 0, count: 31))
      }
    }
  }
}
