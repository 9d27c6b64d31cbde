import TransportAddress

/// Cuts a packet that is too long for a link into fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
///     ┌────────┬──────────────────────────┐
///     │ header │ data                     │
///     └────────┴──────────────────────────┘
///     ┌────────┬─────────┐ ┌────────┬─────────┐ ┌────────┬──────┐
///     │ header │ from 0  │ │ header │ from 8n │ │ header │ last │
///     └────────┴─────────┘ └────────┴─────────┘ └────────┴──────┘
///
/// The fragments come in order (RFC 4787 REQ-13a). What is a fragment already can be cut up again.
public struct Fragmentation: Hashable, Sendable {
  /// The length that no fragment exceeds, in bytes.
  public let mtu: Int

  /// What the fragments of an IPv6 packet have in common; in IPv4 the packet has it already.
  public let identification: UInt32

  /// How much of the data has been cut off, in bytes.
  private var done = 0
  private var isFinished = false

  /// The fragmentation of one packet for a link.
  ///
  /// - Parameter mtu: the length that no fragment exceeds, in bytes.
  public init(mtu: Int, identification: UInt32 = 0) {
    self.mtu = mtu
    self.identification = identification
  }

  /// Writes the next fragment.
  ///
  /// - Parameter packet: the same packet each time, from its IP header on; an IPv6 one without
  ///   other extension headers than a Fragment header.
  /// - Returns: its length; nil when there are no more, and when the packet is damaged, the MTU
  ///   holds no data or the buffer is too short.
  /// - Complexity: O(its length).
  public mutating func next(
    of packet: Span<UInt8>, into fragment: inout MutableSpan<UInt8>
  ) -> Int? {
    guard !isFinished, let ip = try? IPLayout(packet, at: 0, isWhole: true) else { return nil }
    let header = ip.isV6 ? 48 : ip.transport
    guard !ip.isV6 || ip.transport == (ip.fragment == nil ? 40 : 48) else { return nil }
    let rest = ip.end - ip.transport - done
    let room = min(mtu, fragment.count) - header
    guard room > 0, rest >= 0, fragment.count >= header else { return nil }
    // All but the last hold a multiple of eight bytes.
    let isLast = rest <= room
    let length = isLast ? rest : room & ~7
    guard length > 0 || isLast else { return nil }

    let offset = Int(ip.fragment?.offset ?? 0) + done
    guard offset <= 0xFFF8 else { return nil }
    let moreFollow = !isLast || ip.fragment?.moreFollow == true
    fragment.copy(packet, 0..<min(header, ip.transport), to: 0)
    fragment.copy(packet, ip.transport + done..<ip.transport + done + length, to: header)
    if ip.isV6 {
      finishIPv6(&fragment, packet, ip, length, UInt16(offset), moreFollow)
    } else {
      finishIPv4(&fragment, ip, length, UInt16(offset), moreFollow)
    }
    done += length
    isFinished = isLast
    return header + length
  }

  /// All fragments of a packet, each in memory of its own, for those who may allocate.
  ///
  /// - Complexity: O(the packet's length).
  public func fragments(of packet: Span<UInt8>) -> [[UInt8]] {
    var cutting = self
    var buffer = [UInt8](repeating: 0, count: max(0, mtu))
    var fragments: [[UInt8]] = []
    while true {
      var output = buffer.mutableSpan
      guard let length = cutting.next(of: packet, into: &output) else { return fragments }
      fragments.append(Array(buffer.prefix(length)))
    }
  }

  private func finishIPv4(
    _ fragment: inout MutableSpan<UInt8>, _ ip: IPLayout, _ length: Int, _ offset: UInt16,
    _ moreFollow: Bool
  ) {
    if done > 0 { dropFirstOnlyOptions(&fragment, ip.transport) }
    fragment.write(UInt16(truncatingIfNeeded: ip.transport + length), at: 2)
    fragment.write(offset >> 3 | (moreFollow ? 0x2000 : 0), at: 6)
    fragment.write(0, at: 10)
    var checksum = Checksum()
    checksum.add(fragment.span, in: 0..<ip.transport)
    fragment.write(checksum.value, at: 10)
  }

  private func finishIPv6(
    _ fragment: inout MutableSpan<UInt8>, _ packet: Span<UInt8>, _ ip: IPLayout, _ length: Int,
    _ offset: UInt16, _ moreFollow: Bool
  ) {
    let number = ip.fragment?.identification ?? identification
    fragment.write(UInt16(truncatingIfNeeded: 8 + length), at: 4)
    fragment[6] = 44
    fragment[40] = ip.protocol.rawValue
    fragment[41] = 0
    fragment.write(offset | (moreFollow ? 1 : 0), at: 42)
    fragment.write(UInt16(truncatingIfNeeded: number >> 16), at: 44)
    fragment.write(UInt16(truncatingIfNeeded: number), at: 46)
  }

  /// RFC 791 §3.1: options without the copied flag stand in the first fragment only. Here "no
  /// operation" takes their place.
  private func dropFirstOnlyOptions(_ fragment: inout MutableSpan<UInt8>, _ end: Int) {
    var offset = 20
    while offset < end {
      let option = fragment[offset]
      if option == 0 { return }
      var length = 1
      if option != 1 {
        guard offset + 1 < end, fragment[offset + 1] >= 2 else { return }
        length = min(Int(fragment[offset + 1]), end - offset)
      }
      if option & 0x80 == 0 {
        for byte in offset..<offset + length { fragment[byte] = 1 }
      }
      offset += length
    }
  }
}
