import STUNCodec
import Testing

@Suite struct ICEAttributeTests {
  @Test("A check's attributes written are the attributes read")
  func roundTrip() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(priority: .max)
      try message.appendUseCandidate()
      try message.append(iceControlling: 0x0123_4567_89AB_CDEF)
    }
    let message = try STUNMessage(bytes)
    #expect(try message.priority == .max)
    #expect(try message.useCandidate)
    #expect(try message.iceControlling == 0x0123_4567_89AB_CDEF)
    #expect(try message.iceControlled == nil)
  }

  @Test("A message without them has none of them")
  func absent() throws {
    let message = try STUNMessage(message(""))
    #expect(try message.priority == nil)
    #expect(try message.useCandidate == false)
  }

  @Test("A nomination has 24 bits, and what has another length is none")
  func nomination() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(nomination: 0x1234_5678)
    }
    #expect(try STUNMessage(bytes).nomination == 0x34_5678)
    #expect(try STUNMessage(message("c0 01 00 04 ff 00 00 07")).nomination == 7)
    #expect(try STUNMessage(message("c0 01 00 03 00 00 07 00")).nomination == nil)
    #expect(try STUNMessage(message("")).nomination == nil)
  }

  @Test(
    "A value of the wrong length is refused",
    arguments: [
      ("00 24 00 03 00 00 00 00", AttributeType.priority), ("00 24 00 00", .priority),
      ("00 25 00 04 00 00 00 01", .useCandidate), ("80 29 00 04 00 00 00 01", .iceControlled),
      ("80 2a 00 09 00 00 00 00 00 00 00 00 00 00 00 00", .iceControlling),
    ])
  func lengths(attribute: String, type: AttributeType) throws {
    let message = try STUNMessage(message(attribute))
    let error = caught { () throws(STUNDecodingError) in
      _ = try message.priority
      _ = try message.useCandidate
      _ = try message.iceControlled
      _ = try message.iceControlling
    }
    #expect(error?.code == .wrongValueLength)
    #expect(error?.attribute == type)
    #expect(error?.section.hasPrefix("RFC 8445") == true)
  }
}
