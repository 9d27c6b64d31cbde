import STUNCodec
import Testing
import TransportAddress

@Suite struct BehaviorAttributeTests {
  @Test("Behaviour discovery's attributes written are the attributes read")
  func roundTrip() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(changeRequest: [.ip, .port])
      try message.append(responseOrigin: "203.0.113.1:3478")
      try message.append(otherAddress: "203.0.113.2:3479")
      try message.append(responsePort: 40000)
      try message.append(paddingByteCount: 5)
      try message.append(cacheTimeout: 40)
      try message.append(transmitCounter: TransmitCounter(requests: 3, responses: 1))
      try message.append(ecnCheck: ECNCheck(echo: 0b10))
    }
    let message = try STUNMessage(bytes)
    #expect(try message.changeRequest == [.ip, .port])
    #expect(try message.responseOrigin == "203.0.113.1:3478")
    #expect(try message.otherAddress == "203.0.113.2:3479")
    #expect(try message.responsePort == 40000)
    #expect(message.value(of: .padding) == [0, 0, 0, 0, 0])
    #expect(try message.cacheTimeout == 40)
    #expect(try message.transmitCounter == TransmitCounter(requests: 3, responses: 1))
    #expect(try message.ecnCheck == ECNCheck(echo: 0b10))
  }

  @Test("Change IP is bit 2 and change port bit 1; the others mean nothing")
  func changeRequestBits() throws {
    for bits in UInt8.min ... .max {
      let message = try STUNMessage(message("00 03 00 04 ff ff ff \(Hexadecimal.text([bits]))"))
      let request = try #require(try message.changeRequest)
      #expect(request.contains(.ip) == (bits & 4 != 0))
      #expect(request.contains(.port) == (bits & 2 != 0))
    }
  }

  @Test("A RESPONSE-PORT whose length counts its padding is read too")
  func responsePortOfFour() throws {
    #expect(try STUNMessage(message("00 27 00 04 9c 40 00 00")).responsePort == 40000)
  }

  @Test("An ECN-CHECK that is not valid echoes nothing")
  func ecnInvalid() throws {
    #expect(try STUNMessage(message("80 2d 00 04 00 00 00 06")).ecnCheck == ECNCheck(echo: nil))
  }
}
