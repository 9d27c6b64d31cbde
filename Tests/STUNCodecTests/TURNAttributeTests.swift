import STUNCodec
import Testing
import TransportAddress

@Suite struct TURNAttributeTests {
  @Test("TURN's attributes written are the attributes read")
  func roundTrip() throws {
    let (data, ticket): ([UInt8], [UInt8]) = ([1, 2, 3], [9])
    let bytes = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: RFC5769.transactionID
    ) { message in
      try message.append(channelNumber: ChannelNumber(rawValue: 0x4FFF))
      try message.append(lifetime: 600)
      try message.append(xorPeerAddress: "192.0.2.1:1")
      try message.append(xorPeerAddress: "[2001:db8::1]:65535")
      try message.append(data: data.span.bytes)
      try message.append(xorRelayedAddress: "203.0.113.7:49152")
      try message.append(requestedAddressFamily: .ipv6)
      try message.append(evenPortReservesNext: true)
      try message.append(requestedTransport: 17)
      try message.appendDontFragment()
      try message.append(reservationToken: 0x0102_0304_0506_0708)
      try message.append(additionalAddressFamily: .ipv6)
      try message.append(
        addressErrorCode: AddressErrorCode(family: .ipv6, errorCode: .addressFamilyNotSupported))
      try message.append(icmp: ICMPAttribute(type: 3, code: 4, data: 1280))
      try message.append(connectionID: 0xDEAD_BEEF)
      try message.append(mobilityTicket: ticket.span.bytes)
    }
    let message = try STUNMessage(bytes)
    #expect(try message.channelNumber == ChannelNumber(rawValue: 0x4FFF))
    #expect(try message.lifetime == 600)
    #expect(try message.xorPeerAddress == "192.0.2.1:1")
    #expect(try message.xorPeerAddresses == ["192.0.2.1:1", "[2001:db8::1]:65535"])
    #expect(message.data == [1, 2, 3])
    #expect(try message.xorRelayedAddress == "203.0.113.7:49152")
    #expect(try message.requestedAddressFamily == .ipv6)
    #expect(try message.evenPortReservesNext == true)
    #expect(try message.requestedTransport == 17)
    #expect(try message.dontFragment)
    #expect(try message.reservationToken == 0x0102_0304_0506_0708)
    #expect(try message.additionalAddressFamily == .ipv6)
    #expect(
      try message.addressErrorCode
        == AddressErrorCode(family: .ipv6, errorCode: .addressFamilyNotSupported))
    #expect(try message.icmp == ICMPAttribute(type: 3, code: 4, data: 1280))
    #expect(try message.connectionID == 0xDEAD_BEEF)
    #expect(message.mobilityTicket == [9])
  }

  @Test("The bytes are where RFC 8656 draws them, reserved bits zero")
  func layout() throws {
    let bytes = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: RFC5769.transactionID
    ) { message in
      try message.append(channelNumber: ChannelNumber(rawValue: 0x4001))
      try message.append(requestedAddressFamily: .ipv4)
      try message.append(evenPortReservesNext: false)
      try message.append(requestedTransport: 17)
      try message.append(
        addressErrorCode: AddressErrorCode(family: .ipv6, errorCode: .insufficientCapacity),
        reason: "")
      try message.append(icmp: ICMPAttribute(type: 11, code: 1, data: 0))
    }
    #expect(
      Array(bytes.dropFirst(20))
        == hex(
          """
          00 0c 00 04 40 01 00 00  00 17 00 04 01 00 00 00  00 18 00 01 00 00 00 00
          00 19 00 04 11 00 00 00  80 01 00 04 02 00 05 08
          80 04 00 08 00 00 0b 01 00 00 00 00
          """))
  }

  // Pitfall 7.
  @Test("SOFTWARE is 0x8022; 0x0022 is RESERVATION-TOKEN")
  func softwareIsNotReservationToken() throws {
    let message = try STUNMessage(message("00 22 00 08 61 62 63 64 65 66 67 68"))
    #expect(try message.software == nil)
    #expect(try message.reservationToken == 0x6162_6364_6566_6768)
    #expect(AttributeType.software.rawValue == 0x8022)
  }

  @Test("Reserved bits that are set change nothing")
  func reservedBits() throws {
    let message = try STUNMessage(
      message(
        """
        00 0c 00 04 40 00 ff ff  00 17 00 04 01 ff ff ff  00 18 00 01 7f 00 00 00
        80 01 00 04 01 ff fc 28  80 04 00 08 ff ff 03 04 00 00 05 00
        """))
    #expect(try message.channelNumber == ChannelNumber(rawValue: 0x4000))
    #expect(try message.requestedAddressFamily == .ipv4)
    #expect(try message.evenPortReservesNext == false)
    #expect(
      try message.addressErrorCode
        == AddressErrorCode(family: .ipv4, errorCode: .addressFamilyNotSupported))
    #expect(try message.icmp == ICMPAttribute(type: 3, code: 4, data: 1280))
  }

  @Test(
    "A value of the wrong length is refused under its own section",
    arguments: [
      (0x000C, 4, "RFC 8656 §18.1"), (0x000D, 4, "RFC 8656 §18.2"), (0x0012, 8, "RFC 8656 §18.3"),
      (0x0016, 8, "RFC 8656 §18.5"), (0x0017, 4, "RFC 8656 §18.6"), (0x0018, 1, "RFC 8656 §18.7"),
      (0x0019, 4, "RFC 8656 §18.8"), (0x001A, 0, "RFC 8656 §18.9"), (0x0022, 8, "RFC 8656 §18.10"),
      (0x8000, 4, "RFC 8656 §18.11"), (0x8004, 8, "RFC 8656 §18.13"),
      (0x002A, 4, "RFC 6062 §6.2.1"), (0x0003, 4, "RFC 5780 §7.2"), (0x0027, 2, "RFC 5780 §7.5"),
      (0x001E, 32, "RFC 8489 §14.4"), (0x8025, 4, "RFC 7982 §3.1"), (0x802D, 4, "RFC 6679 §7.2.2"),
    ])
  func lengths(type: Int, right: Int, section: String) throws {
    for count in 0...40 where count != right && !(type == 0x0027 && count == 4) {
      var value = [UInt8](repeating: 0, count: count + (-count & 3))
      if count > 1 { (value[0], value[1]) = (1, 1) }
      let attribute = Hexadecimal.text(
        [UInt8(type >> 8), UInt8(type & 0xFF), 0, UInt8(count)] + value)
      let message = try STUNMessage(message(attribute))
      let error = caught { () throws(STUNDecodingError) in try readFurther(message) }
      #expect(error?.code == .wrongValueLength, "\(count) bytes")
      #expect(error?.section == section)
      #expect(error?.byteOffset == 22)
    }
  }

  @Test("A channel number outside 0x4000 to 0x4FFF is not written")
  func channelNumbers() {
    for rawValue in UInt16.min ... .max {
      let number = ChannelNumber(rawValue: rawValue)
      #expect(number.isValid == (rawValue >> 12 == 4))
    }
    #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(channelNumber: ChannelNumber(rawValue: 0x5000))
      }
    }
  }
}

/// Reads each attribute of TURN, behaviour discovery and long-term credentials.
func readFurther(_ message: STUNMessage) throws(STUNDecodingError) {
  _ = try message.channelNumber
  _ = try message.lifetime
  _ = try message.xorPeerAddress
  _ = try message.xorRelayedAddress
  _ = try message.requestedAddressFamily
  _ = try message.evenPortReservesNext
  _ = try message.requestedTransport
  _ = try message.dontFragment
  _ = try message.reservationToken
  _ = try message.additionalAddressFamily
  _ = try message.addressErrorCode
  _ = try message.icmp
  _ = try message.connectionID
  _ = try message.changeRequest
  _ = try message.responsePort
  _ = try message.userhash
  _ = try message.passwordAlgorithms
  _ = try message.passwordAlgorithm
  _ = try message.accessToken
  _ = try message.transmitCounter
  _ = try message.ecnCheck
}
