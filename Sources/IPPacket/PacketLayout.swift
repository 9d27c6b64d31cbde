public import TransportAddress

/// Where in a packet's bytes the parts stand that a NAT reads and writes.
///
///      0               ip.addresses      transport
///     ┌────────────────┬────────────────┬──────────────────┬─────────
///     │ IP header      │ source, dest.  │ UDP, TCP or ICMP │ payload
///     └────────────────┴────────────────┴──────────────────┴─────────
///                                        in an ICMP error: 8 bytes, then `embedded`
@frozen @usableFromInline
package struct PacketLayout {
  @usableFromInline package var ip: IPLayout
  @usableFromInline package var kind: Kind

  @frozen @usableFromInline
  package enum Kind {
    /// There is nothing but addresses to change: a later fragment, or a protocol without ports.
    case addressesOnly
    case ports
    /// An ICMP query or reply, with its identifier.
    case identifier
    case error(IPLayout, embeddedKind: EmbeddedKind)
  }

  @frozen @usableFromInline
  package enum EmbeddedKind {
    case ports
    case identifier
  }

  /// The length that the IP header states; bytes beyond it are padding of the link.
  @inlinable
  package var end: Int { ip.end }

  @inlinable
  package init(ip: IPLayout, kind: Kind) {
    self.ip = ip
    self.kind = kind
  }
}

/// The parts of an IP header.
@frozen @usableFromInline
package struct IPLayout {
  @usableFromInline package var start: Int
  @usableFromInline package var isV6: Bool
  @usableFromInline package var `protocol`: TransportProtocol
  /// Where the transport header begins.
  @usableFromInline package var transport: Int
  @usableFromInline package var end: Int
  @usableFromInline package var fragment: Fragment?

  @inlinable
  package var source: Int { start + (isV6 ? 8 : 12) }
  @inlinable
  package var destination: Int { start + (isV6 ? 24 : 16) }
}

extension IPLayout {
  /// Finds the parts of the IP header at `start`.
  ///
  /// An IPv4 header's checksum is verified, in an ICMP error too (RFC 5508 REQ-3a).
  ///
  /// - Parameter isWhole: whether the packet must be as long as its header says; a packet that an
  ///   ICMP error embeds is cut off.
  @inlinable
  package init(_ bytes: Span<UInt8>, at start: Int, isWhole: Bool) throws(PacketError) {
    guard start < bytes.count else { throw PacketError(offset: start, reason: .truncated) }
    switch bytes[start] >> 4 {
    case 4: try self.init(v4: bytes, at: start, isWhole: isWhole)
    case 6: try self.init(v6: bytes, at: start, isWhole: isWhole)
    default: throw PacketError(offset: start, reason: .unknownVersion)
    }
  }

  // RFC 791 §3.1
  @inlinable @inline(__always)
  package init(v4 bytes: Span<UInt8>, at start: Int, isWhole: Bool) throws(PacketError) {
    guard bytes.count - start >= 20 else {
      throw PacketError(offset: bytes.count, reason: .truncated)
    }
    let first = bytes.doubleWord(at: start)
    let headerLength = Int(first >> 24 & 0xF) * 4
    guard headerLength >= 20 else { throw PacketError(offset: start, reason: .headerTooShort) }
    guard bytes.count - start >= headerLength else {
      throw PacketError(offset: bytes.count, reason: .truncated)
    }
    let length = Int(first & 0xFFFF)
    guard length >= headerLength else {
      throw PacketError(offset: start + 2, reason: .headerTooShort)
    }
    guard !isWhole || length <= bytes.count - start else {
      throw PacketError(offset: start + 2, reason: .lengthBeyondPacket)
    }
    var checksum = Checksum()
    checksum.add(bytes, in: start..<start + headerLength)
    guard checksum.value == 0 else {
      throw PacketError(
        offset: start + 10, reason: isWhole ? .wrongHeaderChecksum : .wrongEmbeddedChecksum)
    }
    self.start = start
    isV6 = false
    `protocol` = TransportProtocol(rawValue: bytes[start + 9])
    transport = start + headerLength
    end = min(start + length, bytes.count)
    let second = bytes.doubleWord(at: start + 4)
    let flags = UInt16(truncatingIfNeeded: second)
    let offset = (flags & 0x1FFF) << 3
    if offset > 0 || flags & 0x2000 != 0 {
      fragment = Fragment(
        identification: second >> 16, offset: offset,
        moreFollow: flags & 0x2000 != 0)
    }
  }

  // RFC 8200 §3 and §4
  @inlinable
  package init(v6 bytes: Span<UInt8>, at start: Int, isWhole: Bool) throws(PacketError) {
    guard bytes.count - start >= 40 else {
      throw PacketError(offset: bytes.count, reason: .truncated)
    }
    let length = 40 + Int(bytes.word(at: start + 4))
    guard !isWhole || length <= bytes.count - start else {
      throw PacketError(offset: start + 4, reason: .lengthBeyondPacket)
    }
    self.start = start
    isV6 = true
    end = min(start + length, bytes.count)
    `protocol` = TransportProtocol(rawValue: bytes[start + 6])
    transport = start + 40
    var headers = 0
    while let length = try extensionLength(bytes) {
      headers += 1
      guard headers <= 8 else {
        throw PacketError(offset: transport, reason: .tooManyExtensionHeaders)
      }
      `protocol` = TransportProtocol(rawValue: bytes[transport])
      transport += length
      if let fragment, fragment.offset > 0 { return }
    }
  }

  /// The length of the extension header at `transport`; nil if another kind of header is there.
  @inlinable
  package mutating func extensionLength(_ bytes: Span<UInt8>) throws(PacketError) -> Int? {
    let number = `protocol`.rawValue
    // Hop-by-hop options, routing, fragment, destination options
    guard number == 0 || number == 43 || number == 44 || number == 60 else { return nil }
    guard end - transport >= 8 else { throw PacketError(offset: end, reason: .truncated) }
    if number == 44 {
      let word = bytes.word(at: transport + 2)
      fragment = Fragment(
        identification: bytes.doubleWord(at: transport + 4), offset: word & 0xFFF8,
        moreFollow: word & 1 != 0)
      return 8
    }
    let length = (Int(bytes[transport + 1]) + 1) * 8
    guard end - transport >= length else { throw PacketError(offset: end, reason: .truncated) }
    return length
  }
}
