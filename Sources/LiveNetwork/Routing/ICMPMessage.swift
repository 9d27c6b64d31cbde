import NATTable
import TransportAddress

/// The ICMP messages that a router sends, as whole IPv4 packets (RFC 792).
enum ICMPMessage {
  /// An error about a packet, of which it carries the beginning.
  ///
  /// - Parameter nextHopMTU: what would have gone through, for "fragmentation needed" (RFC 1191 §4).
  static func error(
    _ kind: ICMPError.Kind, about packet: [UInt8], _ header: IPv4Header,
    from source: IPv4Address, nextHopMTU: Int
  ) -> [UInt8] {
    // RFC 1812 §4.3.2.3: as much of it as 576 bytes hold.
    let quoted = packet.prefix(min(header.totalLength, 576 - 28))
    let mtu = UInt16(clamping: nextHopMTU)
    let message: [UInt8] = [kind.type, kind.code, 0, 0, 0, 0, UInt8(mtu >> 8), UInt8(mtu & 0xFF)]
    // RFC 1812 §4.3.2.5: with precedence 6, Internetwork Control.
    return whole(message + quoted, typeOfService: 0xC0, from: source, to: header.source)
  }

  /// The answer to a ping; nil if the packet is none, or a fragment.
  static func echoReply(to packet: Span<UInt8>, _ header: IPv4Header) -> [UInt8]? {
    let start = header.headerLength
    guard header.protocol == 1, header.totalLength >= start + 8, packet[start] == 8,
      packet.networkWord(at: 6) & 0x3FFF == 0
    else { return nil }
    var message = (start..<header.totalLength).map { packet[$0] }
    guard checksum(of: message) == 0 else { return nil }
    message.replaceSubrange(0..<4, with: [0, 0, 0, 0])
    return whole(message, typeOfService: packet[1], from: header.destination, to: header.source)
  }

  private static func whole(
    _ message: [UInt8], typeOfService: UInt8, from source: IPv4Address,
    to destination: IPv4Address
  ) -> [UInt8] {
    let length = UInt16(clamping: 20 + message.count)
    var packet: [UInt8] = [0x45, typeOfService, UInt8(length >> 8), UInt8(length & 0xFF)]
    packet += [0, 0, 0, 0, 64, 1, 0, 0]
    for address in [source, destination] {
      let (a, b, c, d) = address.octets
      packet += [a, b, c, d]
    }
    packet.seal(at: 10, checksum(of: packet))
    var message = message
    message.seal(at: 2, checksum(of: message))
    return packet + message
  }

  private static func checksum(of bytes: [UInt8]) -> UInt16 {
    var checksum = Checksum()
    checksum.add(bytes.span, in: 0..<bytes.count)
    return checksum.value
  }
}

extension [UInt8] {
  fileprivate mutating func seal(at offset: Int, _ checksum: UInt16) {
    self[offset] = UInt8(checksum >> 8)
    self[offset + 1] = UInt8(checksum & 0xFF)
  }
}
