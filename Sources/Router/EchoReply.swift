import IPPacket
import NATTable
import TransportAddress

extension IPv4Header {
  /// The answer to a ping, as a whole packet (RFC 792); nil if the packet is none, or a fragment.
  func echoReply(to packet: Span<UInt8>) -> [UInt8]? {
    guard `protocol` == 1, totalLength >= headerLength + 8, packet[headerLength] == 8,
      packet.networkWord(at: 6) & 0x3FFF == 0
    else { return nil }
    var message = (headerLength..<totalLength).map { packet[$0] }
    guard checksum(of: message) == 0 else { return nil }
    message.replaceSubrange(0..<4, with: [0, 0, 0, 0])

    let length = UInt16(20 + message.count)
    var reply: [UInt8] = [0x45, packet[1], UInt8(length >> 8), UInt8(length & 0xFF)]
    reply += [0, 0, 0, 0, 64, 1, 0, 0]
    for address in [destination, source] {
      let (a, b, c, d) = address.octets
      reply += [a, b, c, d]
    }
    reply.seal(at: 10, checksum(of: reply))
    message.seal(at: 2, checksum(of: message))
    return reply + message
  }

  private func checksum(of bytes: [UInt8]) -> UInt16 {
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
