import STUNCodec
import Testing
import TransportAddress

@Suite struct AddressTests {
  @Test("MAPPED-ADDRESS is read as it stands")
  func mapped() throws {
    let message = try STUNMessage(message("00 01 00 08 00 01 9c 40 cb 00 71 07"))
    #expect(try message.mappedAddress == "203.0.113.7:40000")
    #expect(try message.xorMappedAddress == nil)
  }

  @Test("ALTERNATE-SERVER is read as it stands, IPv6 too")
  func alternateServer() throws {
    let message = try STUNMessage(
      message("80 23 00 14 00 02 0d 96 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"))
    #expect(try message.alternateServer == "[2001:db8::1]:3478")
  }

  // Pitfall 15.
  @Test("XOR-MAPPED-ADDRESS is also read from its draft number 0x8020")
  func draftNumber() throws {
    let message = try STUNMessage(message("80 20 00 08 00 01 a1 47 e1 12 a6 43"))
    #expect(try message.xorMappedAddress == "192.0.2.1:32853")
  }

  @Test("The registered number is preferred to the draft's")
  func bothNumbers() throws {
    let message = try STUNMessage(
      message("80 20 00 08 00 01 a1 47 e1 12 a6 43 00 20 00 08 00 01 a1 46 e1 12 a6 43"))
    #expect(try message.xorMappedAddress == "192.0.2.1:32852")
  }

  @Test("The byte before the family is ignored")
  func reservedByte() throws {
    let message = try STUNMessage(message("00 01 00 08 ff 01 9c 40 cb 00 71 07"))
    #expect(try message.mappedAddress == "203.0.113.7:40000")
  }

  // Pitfall 5.
  @Test("A value of any length but its family's is refused, never read past", arguments: 0...24)
  func lengths(count: Int) throws {
    for family in [UInt8(1), 2] {
      var value = [UInt8](repeating: 0x11, count: count)
      if count > 1 { value[1] = family }
      let padded = value + [UInt8](repeating: 0, count: -count & 3)
      for type in ["0001", "0020", "8020", "8023"] {
        let message = try STUNMessage(
          message(type + Hexadecimal.text([0, UInt8(count)]) + Hexadecimal.text(padded)))
        let right = family == 1 ? 8 : 20
        let error: STUNDecodingError? = caught {
          () throws(STUNDecodingError) in
          _ = try message.mappedAddress
          _ = try message.xorMappedAddress
          _ = try message.alternateServer
        }
        #expect(error?.code == (count == right ? nil : .wrongValueLength))
        if let error {
          #expect(error.byteOffset == 22)
          #expect(error.found == count)
          if count >= 4 { #expect(error.expected == right) }
        }
      }
    }
  }

  @Test("Every family but IPv4 and IPv6 is refused at its byte")
  func families() throws {
    for family in UInt8.min ... .max where family != 1 && family != 2 {
      let message = try STUNMessage(
        message("00 20 00 08 00 \(Hexadecimal.text([family])) a1 47 e1 12 a6 43"))
      let error = caught { () throws(STUNDecodingError) in _ = try message.xorMappedAddress }
      #expect(error?.code == .unknownAddressFamily)
      #expect(error?.byteOffset == 25)
      #expect(error?.found == Int(family))
    }
  }

  // Pitfall 9.
  @Test("Flipping an address twice gives it back, and IPv6 flips with the transaction ID too")
  func involution() {
    let id = RFC5769.transactionID
    let other = TransactionID(high: 1, low: 2)
    let v4: TransportAddress = "203.0.113.7:40000"
    let v6: TransportAddress = "[2001:db8::7]:40000"
    #expect(v4.xored(with: id).xored(with: id) == v4)
    #expect(v6.xored(with: id).xored(with: id) == v6)
    #expect(v4.xored(with: id) == v4.xored(with: other))
    #expect(v6.xored(with: id) != v6.xored(with: other))
  }

  @Test(
    "An address written is the address read",
    arguments: ["0.0.0.0:0", "255.255.255.255:65535", "[::]:0", "[2001:db8::ffff]:1"]
      as [TransportAddress])
  func roundTrip(address: TransportAddress) throws {
    let bytes = try STUNMessage.encode(
      .bindingSuccessResponse, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(mappedAddress: address)
      try message.append(xorMappedAddress: address)
      try message.append(alternateServer: address)
    }
    let message = try STUNMessage(bytes)
    #expect(try message.mappedAddress == address)
    #expect(try message.xorMappedAddress == address)
    #expect(try message.alternateServer == address)
  }
}

/// What the body throws, or nil.
func caught(_ body: () throws(STUNDecodingError) -> Void) -> STUNDecodingError? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}
