import IPPacket
import STUNCodec
import TestSupport
import TransportAddress

/// A capture with whatever tshark and the decoder both know.
///
/// What this tshark, 4.0, reads wrong is not in it: RESPONSE-PORT, whose number it takes for a draft's
/// XOR-RESPONSE-TARGET; ICMP, without the two reserved bytes of RFC 8656 §18.13; and parameters in
/// PASSWORD-ALGORITHMS, which it calls too short when they are followed by anything.
enum OwnCapture {
  static func bytes() throws -> [UInt8] { rawCapture(try packets()) }

  /// One message for each thing that is compared.
  private static func messages() throws -> [[UInt8]] {
    let key = MessageIntegrityKey(shortTermPassword: "secret")
    let id = TransactionID(high: 0x0102_0304, low: 0x0506_0708_090A_0B0C)
    let binding = try STUNMessage.encode(.bindingRequest, transactionID: id) { message in
      try message.append(software: "pathfinder")
      try message.append(username: "evtj:h6vY")
      try message.append(priority: 0x6E00_01FF)
      try message.append(iceControlling: 0x0123_4567_89AB_CDEF)
      try message.appendUseCandidate()
      try message.append(changeRequest: [.ip])
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    let response = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) { message in
      try message.append(mappedAddress: "203.0.113.7:40000")
      try message.append(xorMappedAddress: "203.0.113.7:40000")
      try message.append(responseOrigin: "198.51.100.1:3478")
      try message.append(otherAddress: "198.51.100.2:3479")
      try message.append(alternateServer: "[2001:db8::5]:3478")
      try message.append(cacheTimeout: 40)
      try message.appendFingerprint()
    }
    let six = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) { message in
      try message.append(xorMappedAddress: "[2001:db8:1234:5678:11:2233:4455:6677]:32853")
      try message.append(iceControlled: 7)
    }
    let error = try STUNMessage.encode(
      MessageType(.errorResponse, .allocate), transactionID: id
    ) { message in
      try message.append(errorCode: .unknownAttribute)
      try message.append(unknownAttributes: [AttributeType(rawValue: 0x7F00)])
      try message.append(realm: "example.org")
      try message.append(nonce: "f//499k954d6OL34oL9FSTvy64sA")
    }
    let allocate = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: id
    ) { message in
      try message.append(requestedTransport: 17)
      try message.append(lifetime: 600)
      try message.append(evenPortReservesNext: true)
      try message.appendDontFragment()
      try message.append(reservationToken: 0x0102_0304_0506_0708)
    }
    let bind = try STUNMessage.encode(
      MessageType(.request, .channelBind), transactionID: id
    ) { message in
      try message.append(channelNumber: ChannelNumber(rawValue: 0x4001))
      try message.append(xorPeerAddress: "192.0.2.9:5000")
    }
    let data = try STUNMessage.encode(
      MessageType(.indication, .data), transactionID: id
    ) { message in
      try message.append(xorPeerAddress: "[2001:db8::9]:5000")
      try message.append(.data, bytes: [1, 2, 3])
      try message.append(icmp: ICMPAttribute(type: 3, code: 4, data: 1280))
    }
    let longTerm = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: id
    ) { message in
      try message.append(userhash: Array(1...32))
      try message.append(passwordAlgorithms: [.sha256, .md5])
      try message.append(passwordAlgorithm: .sha256)
      try message.append(.passwordAlgorithm, bytes: [0, 7, 0, 4, 1, 2, 3, 4])
      try message.appendMessageIntegrity(key)
      try message.appendMessageIntegritySHA256(key)
      try message.appendFingerprint()
    }
    let rare = try STUNMessage.encode(.bindingRequest, transactionID: id) { message in
      try message.append(alternateDomain: "example.org")
      try message.append(thirdPartyAuthorization: "auth.example.org")
      try message.append(.accessToken, bytes: Array(1...20))
      try message.append(requestedAddressFamily: .ipv6)
      try message.append(additionalAddressFamily: .ipv6)
      try message.append(connectionID: 7)
      try message.append(.mobilityTicket, bytes: Array(1...9))
      try message.append(transmitCounter: TransmitCounter(requests: 2, responses: 1))
      try message.append(ecnCheck: ECNCheck(echo: 2))
      try message.append(AttributeType(rawValue: 0x7F00), bytes: [1])
      try message.append(AttributeType(rawValue: 0xC057), bytes: [0, 1, 0, 50])
    }
    var damaged = response
    damaged[damaged.count - 1] ^= 1
    return [binding, response, six, error, allocate, bind, data, longTerm, rare, damaged]
  }

  /// The messages in packets of both versions, quoted by ICMP errors, and in fragments.
  private static func packets() throws -> [[UInt8]] {
    let messages = try messages()
    let datagram = udp(messages[0])
    let (first, second) = (Array(datagram[..<48]), Array(datagram[48...]))
    let unreachable: [UInt8] = [3, 3, 0, 0, 0, 0, 0, 0]
    let unreachable6: [UInt8] = [1, 4, 0, 0, 0, 0, 0, 0]
    return messages.map { ipv4(udp($0)) } + messages.map { ipv6(udp($0)) }
      + messages.map { ipv4(unreachable + ipv4(udp($0)), protocol: 1) }
      + messages.map { ipv6(unreachable6 + ipv6(udp($0)), next: 58) }
      + [
        ipv4(second, fragment: 6), ipv4(first, fragment: 0x2000),
        ipv6([17, 0, 0, 1, 0, 0, 0, 9] + first, next: 44),
        ipv6([17, 0, 0, 48, 0, 0, 0, 9] + second, next: 44),
      ]
  }

  // MARK: - Packets

  private static func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

  private static func udp(_ payload: [UInt8]) -> [UInt8] {
    big(40000) + big(3478) + big(8 + payload.count) + [0, 0] + payload
  }

  /// A packet from 192.0.2.1 to 198.51.100.1.
  private static func ipv4(
    _ payload: [UInt8], protocol number: UInt8 = 17, fragment: Int = 0
  ) -> [UInt8] {
    let addresses: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 1]
    return [0x45, 0] + big(20 + payload.count) + [0, 5] + big(fragment) + [64, number, 0, 0]
      + addresses + payload
  }

  /// A packet from 2001:db8::1 to 2001:db8::2.
  private static func ipv6(_ payload: [UInt8], next: UInt8 = 17) -> [UInt8] {
    let prefix: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11)
    return [0x60, 0, 0, 0] + big(payload.count) + [next, 64] + prefix + [1] + prefix + [2] + payload
  }
}
