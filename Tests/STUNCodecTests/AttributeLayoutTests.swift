import STUNCodec
import Testing
import TransportAddress

// Pitfalls 1 and 2: what stands after message integrity is not believed, whoever put it there.
@Suite struct AttributeLayoutTests {
  let key = MessageIntegrityKey(shortTermPassword: "secret")
  let software = hex("80 22 00 04 41 42 43 44")

  /// A message of these parts with the length they have.
  func assemble(_ parts: [UInt8]...) -> [UInt8] {
    message(Hexadecimal.text(parts.flatMap { $0 }))
  }

  func mac(_ type: String, _ count: Int) -> [UInt8] {
    hex(type) + [0, UInt8(count)] + [UInt8](repeating: 0xAA, count: count)
  }

  var integrity: [UInt8] { mac("0008", 20) }
  var integritySHA256: [UInt8] { mac("001C", 32) }
  var fingerprint: [UInt8] { mac("8028", 4) }

  @Test(
    "XOR-MAPPED-ADDRESS after any integrity attribute is ignored, and of two before it the first counts"
  )
  func address() throws {
    let first = hex("00 20 00 08 00 01 a1 47 e1 12 a6 43")
    let second = hex("00 20 00 08 00 01 a1 48 e1 12 a6 43")
    for protection in [integrity, integritySHA256, fingerprint] {
      #expect(try STUNMessage(assemble(protection, first)).xorMappedAddress == nil)
      let message = try STUNMessage(assemble(first, second, protection, second))
      #expect(try message.xorMappedAddress == "192.0.2.1:32853")
    }
  }

  @Test("An attribute after MESSAGE-INTEGRITY is ignored")
  func afterIntegrity() throws {
    let message = try STUNMessage(assemble(integrity, software))
    #expect(try message.software == nil)
    #expect(message.attributes.map(\.type) == [.messageIntegrity])
    #expect(message.allAttributes.map(\.isIgnored) == [false, true])
  }

  @Test("MESSAGE-INTEGRITY-SHA256 and FINGERPRINT after MESSAGE-INTEGRITY are heeded")
  func exceptions() throws {
    let message = try STUNMessage(assemble(integrity, integritySHA256, fingerprint))
    #expect(
      message.attributes.map(\.type) == [.messageIntegrity, .messageIntegritySHA256, .fingerprint])
  }

  @Test("After MESSAGE-INTEGRITY-SHA256 only FINGERPRINT is heeded, MESSAGE-INTEGRITY is not")
  func afterSHA256() throws {
    let message = try STUNMessage(assemble(integritySHA256, integrity, software, fingerprint))
    #expect(message.attributes.map(\.type) == [.messageIntegritySHA256, .fingerprint])
    #expect(message.verifyMessageIntegrity(with: key) == .absent)
  }

  @Test("After FINGERPRINT nothing is heeded")
  func afterFingerprint() throws {
    let message = try STUNMessage(assemble(fingerprint, software, integrity, integritySHA256))
    #expect(message.attributes.map(\.type) == [.fingerprint])
  }

  @Test("A second MESSAGE-INTEGRITY is ignored, so that nobody can protect a changed message anew")
  func secondIntegrity() throws {
    let message = try STUNMessage(assemble(integrity, integrity))
    #expect(message.allAttributes.map(\.isIgnored) == [false, true])
  }

  @Test("An unknown attribute after MESSAGE-INTEGRITY does not make the message refused")
  func unknownAfterIntegrity() throws {
    let message = try STUNMessage(assemble(integrity, hex("7f 00 00 00")))
    #expect(message.unknownComprehensionRequired().isEmpty)
  }

  @Test(
    "An attribute appended on the way is not believed, and the integrity before it still verifies")
  func appended() throws {
    var bytes = try STUNMessage.encode(
      .bindingSuccessResponse, transactionID: RFC5769.transactionID
    ) { message in
      try message.appendMessageIntegrity(key)
    }
    bytes += hex("00 20 00 08 00 01 a1 47 e1 12 a6 43")
    bytes[3] += 12
    let message = try STUNMessage(bytes)
    #expect(message.verifyMessageIntegrity(with: key) == .verified)
    #expect(try message.xorMappedAddress == nil)
  }

  @Test("A message has what a receiver heeds of it, and not what it must ignore")
  func presence() throws {
    let message = try STUNMessage(
      assemble(hex("00 20 00 00"), integrity, software, fingerprint, integritySHA256))
    let heeded: Set<AttributeType> = [.xorMappedAddress, .messageIntegrity, .fingerprint]
    for rawValue in UInt16.min ... .max {
      let type = AttributeType(rawValue: rawValue)
      #expect(message.has(type) == heeded.contains(type), "\(type)")
      #expect(message.view.has(type) == message.has(type), "\(type)")
    }
  }
}
