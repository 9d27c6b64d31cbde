import IPPacket
import TransportAddress

/// What a router looks at in an IP header, as it was before translation.
struct RoutedHeader {
  let ip: IPLayout
  let source: IPAddress
  let destination: IPAddress
  /// The time to live, or hop limit.
  let timeToLive: UInt8
  /// Whether no router may fragment it: the DF bit in IPv4, always in IPv6 (RFC 8200 §5).
  let mustNotFragment: Bool

  @inline(__always)
  init(_ bytes: Span<UInt8>) throws(PacketError) {
    ip = try IPLayout(bytes, at: 0, isWhole: true)
    source = bytes.address(at: ip.source, isV6: ip.isV6)
    destination = bytes.address(at: ip.destination, isV6: ip.isV6)
    timeToLive = bytes[ip.isV6 ? 7 : 8]
    mustNotFragment = ip.isV6 || bytes.word(at: 6) & 0x4000 != 0
  }

  /// The length that counts on a link: that of a long TCP segment's parts, where they are yet to be.
  func length(_ offload: Offload) -> Int {
    offload.segmentSize > 0 ? min(ip.end, offload.headerLength + offload.segmentSize) : ip.end
  }
}
