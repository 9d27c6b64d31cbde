import IPPacket
internal import NATTable

/// Which checksums of a packet are right, summed up from end to end in the plainest way.
struct ChecksumOracle: Equatable {
  /// IPv4's header; always right in IPv6, which has none.
  var header = true
  /// That of UDP, TCP or ICMP; nil where there is none, or it cannot be told.
  var transport: Bool?

  /// - Parameter bytes: a packet whose headers have been found to be whole.
  init(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    if first >> 4 == 6 {
      readV6(bytes)
      return
    }
    let start = Int(first & 0xF) * 4
    let end = Int(bytes[2]) << 8 | Int(bytes[3])
    header = Self.isRight(Self.sum(bytes[..<start]))
    let isFragment = bytes[6] & 0x3F != 0 || bytes[7] != 0
    if isFragment { return }
    let body = bytes[start..<min(end, bytes.count)]
    transport = Self.transport(bytes[9], body, pseudo: bytes[12..<20], isV6: false)
  }

  private mutating func readV6(_ bytes: [UInt8]) {
    // With extension headers it is the library's own reading that would be repeated here.
    guard [6, 17, 58].contains(bytes[6]) else { return }
    let end = min(40 + (Int(bytes[4]) << 8 | Int(bytes[5])), bytes.count)
    transport = Self.transport(bytes[6], bytes[40..<end], pseudo: bytes[8..<40], isV6: true)
  }

  private static func transport(
    _ kind: UInt8, _ body: ArraySlice<UInt8>, pseudo: ArraySlice<UInt8>, isV6: Bool
  ) -> Bool? {
    let start = body.startIndex
    // The pseudo header: addresses, length and protocol (RFC 768, RFC 8200 §8.1).
    let first = sum(pseudo) + body.count + Int(kind)
    switch kind {
    case 17 where !isV6 && body[start + 6] == 0 && body[start + 7] == 0: return nil
    case 6, 17, 58: return isRight(first + sum(body))
    case 1: return isRight(sum(body))
    default: return nil
    }
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> Int {
    var sum = 0
    for (index, byte) in bytes.enumerated() {
      sum += index.isMultiple(of: 2) ? Int(byte) << 8 : Int(byte)
    }
    return sum
  }

  private static func isRight(_ total: Int) -> Bool {
    var sum = total
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return sum == 0xFFFF
  }
}

/// Makes the checksum of an IPv4 header right, if there is a whole header.
func setHeaderChecksum(_ packet: inout [UInt8]) {
  let headerLength = Int((packet.first ?? 0) & 0xF) * 4
  guard packet.count >= headerLength, headerLength >= 20, packet[0] >> 4 == 4 else { return }
  (packet[10], packet[11]) = (0, 0)
  var sum = Checksum()
  sum.add(packet.span, in: 0..<headerLength)
  (packet[10], packet[11]) = (UInt8(sum.value >> 8), UInt8(sum.value & 255))
}
