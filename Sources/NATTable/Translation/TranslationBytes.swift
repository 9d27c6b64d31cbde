import IPPacket
import TransportAddress

/// The checksums of a packet that changes its version (RFC 7915 §4.5, §5.5).
///
/// UDP and TCP sum up a pseudo-header of addresses, length and protocol, in IPv6 as in IPv4 (RFC
/// 8200 §8.1). The last two stay, so that the addresses make all the difference.
extension MutableSpan<UInt8> {
  /// Brings the checksum of UDP or TCP up to date: the addresses of the packet in `bytes` are
  /// exchanged for those in the header before `start`.
  mutating func exchangePseudoHeader(
    _ ip: IPLayout, _ bytes: Span<UInt8>, at start: Int, end: Int
  ) {
    if (ip.fragment?.offset ?? 0) > 0 { return }
    let offset: Int
    switch ip.protocol {
    case .udp: offset = start + 6
    case .tcp: offset = start + 16
    default: return
    }
    // In an ICMP error the header may be cut off before it.
    guard offset + 2 <= end else { return }
    let old = span.word(at: offset)
    if ip.protocol == .udp, old == 0 {
      // RFC 768: there is none, as IPv4 allows. In IPv6 there has to be one (RFC 7915 §4.5).
      if !ip.isV6, ip.start == 0 { writeUDPChecksum(at: start, end: end) }
      return
    }
    var delta = ChecksumDelta()
    delta.exchangeAddresses(ip, bytes, span, before: start)
    var new = delta.applied(to: old)
    if ip.protocol == .udp, new == 0 { new = 0xFFFF }
    write(new, at: offset)
  }

  /// Brings the checksum of an ICMP query up to date that stands in an error: only ICMPv6 sums up a
  /// pseudo-header.
  mutating func exchangePseudoHeader(
    _ ip: IPLayout, _ bytes: Span<UInt8>, at start: Int, end: Int, oldType: UInt8, stated: Int
  ) {
    guard start + 4 <= end else { return }
    var delta = ChecksumDelta()
    let code = UInt16(self[start + 1])
    delta.replace(UInt16(oldType) << 8 | code, by: UInt16(self[start]) << 8 | code)
    var pseudoHeader = Checksum()
    if ip.isV6 {
      pseudoHeader.add(bytes, in: ip.source..<ip.source + 32)
    } else {
      let header = start - (ip.fragment == nil ? 40 : 48)
      pseudoHeader.add(span, in: header + 8..<header + 40)
    }
    pseudoHeader.add(UInt16(truncatingIfNeeded: stated))
    pseudoHeader.add(UInt16(TransportProtocol.icmpv6.rawValue))
    let sum = ~pseudoHeader.value
    if ip.isV6 { delta.replace(sum, by: 0) } else { delta.replace(0, by: sum) }
    write(delta.applied(to: span.word(at: start + 2)), at: start + 2)
  }

  /// Puts a checksum into a UDP header in IPv6 that had none.
  private mutating func writeUDPChecksum(at start: Int, end: Int) {
    var checksum = Checksum()
    checksum.add(span, in: start..<end)
    checksum.add(span, in: 8..<40)
    checksum.add(UInt16(truncatingIfNeeded: end - start))
    checksum.add(UInt16(TransportProtocol.udp.rawValue))
    write(checksum.value == 0 ? 0xFFFF : checksum.value, at: start + 6)
  }

  /// Writes zeros behind the packet in an error, and the extensions that follow it there.
  mutating func writeExtensions(
    _ embedded: TranslationPlan.EmbeddedPlan, _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) {
    if embedded.extensions.isEmpty { return }
    for offset in start..<end { self[offset] = 0 }
    copy(bytes, embedded.extensions, to: end)
  }
}

extension ChecksumDelta {
  /// Takes out the addresses of the packet that was, and adds those of the header before `start`.
  fileprivate mutating func exchangeAddresses(
    _ old: IPLayout, _ bytes: Span<UInt8>, _ written: Span<UInt8>, before start: Int
  ) {
    var before = Checksum()
    before.add(bytes, in: old.source..<old.source + (old.isV6 ? 32 : 8))
    var after = Checksum()
    if old.isV6 {
      after.add(written, in: start - 8..<start)
    } else {
      let header = start - (old.fragment == nil ? 40 : 48)
      after.add(written, in: header + 8..<header + 40)
    }
    replace(~before.value, by: ~after.value)
  }
}
