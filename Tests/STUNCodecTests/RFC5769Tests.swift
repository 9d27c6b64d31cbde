import Testing
import TransportAddress

@testable import STUNCodec

@Suite struct RFC5769Tests {
  let key = MessageIntegrityKey(shortTermPassword: RFC5769.password)
  let longTermKey = MessageIntegrityKey(
    username: RFC5769.longTermUsername, realm: "example.org", password: RFC5769.longTermPassword)

  @Test("§2.1, the request: every field is what the RFC says")
  func requestDecodes() throws {
    let message = try STUNMessage(RFC5769.sampleRequest)
    #expect(message.type == .bindingRequest)
    #expect(message.transactionID == RFC5769.transactionID)
    #expect(try message.software == "STUN test client")
    #expect(try message.priority == 0x6E00_01FF)
    #expect(try message.iceControlled == 0x932F_F9B1_5126_3B36)
    #expect(try message.username == "evtj:h6vY")
    #expect(message.verifyMessageIntegrity(with: key) == .verified)
    #expect(message.verifyFingerprint() == .verified)
    #expect(
      message.attributes.map(\.type) == [
        .software, .priority, .iceControlled, .username, .messageIntegrity, .fingerprint,
      ])
  }

  @Test("§2.1, the request: the builder writes the same bytes")
  func requestEncodes() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      message.paddingByte = 0x20
      try message.append(software: "STUN test client")
      try message.append(priority: 0x6E00_01FF)
      try message.append(iceControlled: 0x932F_F9B1_5126_3B36)
      try message.append(username: "evtj:h6vY")
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    #expect(bytes == RFC5769.sampleRequest)
  }

  @Test("§2.2, the IPv4 response: every field is what the RFC says")
  func ipv4ResponseDecodes() throws {
    let message = try STUNMessage(RFC5769.sampleIPv4Response)
    #expect(message.type == .bindingSuccessResponse)
    #expect(message.transactionID == RFC5769.transactionID)
    #expect(try message.software == "test vector")
    #expect(try message.xorMappedAddress == "192.0.2.1:32853")
    #expect(message.verifyMessageIntegrity(with: key) == .verified)
    #expect(message.verifyFingerprint() == .verified)
  }

  @Test("§2.3, the IPv6 response: every field is what the RFC says")
  func ipv6ResponseDecodes() throws {
    let message = try STUNMessage(RFC5769.sampleIPv6Response)
    #expect(message.type == .bindingSuccessResponse)
    #expect(try message.software == "test vector")
    #expect(try message.xorMappedAddress == "[2001:db8:1234:5678:11:2233:4455:6677]:32853")
    #expect(message.verifyMessageIntegrity(with: key) == .verified)
    #expect(message.verifyFingerprint() == .verified)
  }

  @Test(
    "§2.2 and §2.3, the responses: the builder writes the same bytes",
    arguments: [
      ("192.0.2.1:32853", RFC5769.sampleIPv4Response),
      ("[2001:db8:1234:5678:11:2233:4455:6677]:32853", RFC5769.sampleIPv6Response),
    ] as [(TransportAddress, [UInt8])])
  func responsesEncode(address: TransportAddress, expected: [UInt8]) throws {
    let bytes = try STUNMessage.encode(
      .bindingSuccessResponse, transactionID: RFC5769.transactionID
    ) { message in
      message.paddingByte = 0x20
      try message.append(software: "test vector")
      try message.append(xorMappedAddress: address)
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    #expect(bytes == expected)
  }

  @Test("§2.4, the long-term request: every field is what the RFC says")
  func longTermRequestDecodes() throws {
    let message = try STUNMessage(RFC5769.sampleLongTermRequest)
    #expect(message.type == .bindingRequest)
    #expect(message.transactionID == RFC5769.longTermTransactionID)
    #expect(try message.username == RFC5769.longTermUsername)
    #expect(try message.nonce == "f//499k954d6OL34oL9FSTvy64sA")
    #expect(try message.realm == "example.org")
    #expect(message.verifyMessageIntegrity(with: longTermKey) == .verified)
    #expect(message.verifyFingerprint() == .absent)
  }

  @Test("§2.4, the long-term request: the builder writes the same bytes, padding zero by itself")
  func longTermRequestEncodes() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.longTermTransactionID
    ) { message in
      try message.append(username: RFC5769.longTermUsername)
      try message.append(nonce: "f//499k954d6OL34oL9FSTvy64sA")
      try message.append(realm: "example.org")
      try message.appendMessageIntegrity(longTermKey)
    }
    #expect(bytes == RFC5769.sampleLongTermRequest)
  }
}
