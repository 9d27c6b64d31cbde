public import TransportAddress

extension PacketLayout {
  /// Finds the parts of a packet, and reads them.
  ///
  /// - Complexity: O(1); O(n) for an ICMP error of n bytes, whose checksum is verified.
  @inlinable @inline(__always)
  package static func parse(_ bytes: Span<UInt8>) throws(PacketError) -> (PacketLayout, Packet) {
    let ip = try IPLayout(bytes, at: 0, isWhole: true)
    var packet = Packet(bytes, ip)
    return (try PacketLayout(bytes, ip, reading: &packet), packet)
  }

  /// Finds the parts of a packet that follow its IP header, and reads them.
  @inlinable @inline(__always)
  package init(
    _ bytes: Span<UInt8>, _ ip: IPLayout, reading packet: inout Packet
  ) throws(PacketError) {
    self.ip = ip
    kind =
      packet.isLaterFragment
      ? .addressesOnly : try PacketLayout.readTransport(bytes, ip, &packet)
  }

  @inlinable
  package static func readTransport(
    _ bytes: Span<UInt8>, _ ip: IPLayout, _ packet: inout Packet
  ) throws(PacketError) -> Kind {
    let available = ip.end - ip.transport
    func need(_ count: Int) throws(PacketError) {
      guard available >= count else {
        throw PacketError(offset: ip.end, reason: ip.fragment == nil ? .truncated : .tinyFragment)
      }
    }
    switch ip.protocol {
    case .udp:
      try need(8)
    case .tcp:
      try need(20)
      // FIN, SYN, RST and ACK; the NAT has no use for the other control bits.
      packet.content = .segment(TCPFlags(rawValue: bytes[ip.transport + 13] & 0x17))
    case .icmp where !ip.isV6, .icmpv6 where ip.isV6:
      try need(8)
      return try readMessage(bytes, ip, &packet)
    default:
      packet.content = .datagram
      return .addressesOnly
    }
    packet.source.port = bytes.word(at: ip.transport)
    packet.destination.port = bytes.word(at: ip.transport + 2)
    return .ports
  }

  @inlinable
  package static func readMessage(
    _ bytes: Span<UInt8>, _ ip: IPLayout, _ packet: inout Packet
  ) throws(PacketError) -> Kind {
    let type = bytes[ip.transport]
    switch ICMPType(type, isV6: ip.isV6) {
    case .query:
      packet.content = .query
      packet.source.port = bytes.word(at: ip.transport + 4)
      return .identifier
    case .reply:
      packet.content = .reply
      packet.destination.port = bytes.word(at: ip.transport + 4)
      return .identifier
    case .error:
      try verifyMessage(bytes, ip)
      let (embedded, kind, layout) = try readEmbedded(bytes, ip)
      let about = ICMPError.Kind(type: type, code: bytes[ip.transport + 1])
      packet.content = .error(ICMPError(about, embedded: embedded))
      return .error(layout, embeddedKind: kind)
    case .other:
      throw PacketError(offset: ip.transport, reason: .unsupportedMessage)
    }
  }

  // RFC 5508 REQ-3: an error with a wrong checksum is dropped. In a fragment it cannot be verified.
  @inlinable
  package static func verifyMessage(_ bytes: Span<UInt8>, _ ip: IPLayout) throws(PacketError) {
    guard ip.fragment == nil else { return }
    var checksum = Checksum()
    checksum.add(bytes, in: ip.transport..<ip.end)
    if ip.isV6 {
      // RFC 4443 §2.3: the pseudo-header is summed up too.
      checksum.add(bytes, in: ip.source..<ip.source + 32)
      checksum.add(UInt16(truncatingIfNeeded: ip.end - ip.transport))
      checksum.add(UInt16(TransportProtocol.icmpv6.rawValue))
    }
    guard checksum.value == 0 else {
      throw PacketError(offset: ip.transport + 2, reason: .wrongErrorChecksum)
    }
  }

  /// Reads the packet that an error is about, of which eight transport bytes are there (RFC 792).
  @inlinable
  package static func readEmbedded(
    _ bytes: Span<UInt8>, _ outer: IPLayout
  ) throws(PacketError) -> (ICMPError.Embedded, EmbeddedKind, IPLayout) {
    var ip = try IPLayout(bytes, at: outer.transport + 8, isWhole: false)
    ip.end = min(ip.end, outer.end)
    guard ip.isV6 == outer.isV6 else {
      throw PacketError(offset: ip.start, reason: .unknownVersion)
    }
    if let fragment = ip.fragment, fragment.offset > 0 {
      throw PacketError(offset: ip.start, reason: .embeddedFragment)
    }
    guard ip.end - ip.transport >= 8 else {
      throw PacketError(offset: ip.end, reason: .truncated)
    }
    var embedded = ICMPError.Embedded(
      protocol: ip.protocol,
      source: TransportAddress(bytes.address(at: ip.source, isV6: ip.isV6), port: 0),
      destination: TransportAddress(bytes.address(at: ip.destination, isV6: ip.isV6), port: 0))
    switch ip.protocol {
    case .udp, .tcp:
      embedded.source.port = bytes.word(at: ip.transport)
      embedded.destination.port = bytes.word(at: ip.transport + 2)
      return (embedded, .ports, ip)
    case .icmp, .icmpv6:
      let identifier = bytes.word(at: ip.transport + 4)
      switch ICMPType(bytes[ip.transport], isV6: ip.isV6) {
      case .query: embedded.source.port = identifier
      case .reply:
        embedded.isReply = true
        embedded.destination.port = identifier
      case .error, .other:
        throw PacketError(offset: ip.transport, reason: .unsupportedMessage)
      }
      return (embedded, .identifier, ip)
    default: throw PacketError(offset: ip.transport, reason: .unsupportedMessage)
    }
  }
}

/// What an ICMP message's type makes of it (RFC 5508 §2, RFC 4443 §2.1).
@frozen @usableFromInline
package enum ICMPType {
  case query, reply, error, other

  @inlinable
  package init(_ type: UInt8, isV6: Bool) {
    self =
      switch (isV6, type) {
      // Echo, timestamp, information, address mask
      case (false, 8), (false, 13), (false, 15), (false, 17), (true, 128): .query
      case (false, 0), (false, 14), (false, 16), (false, 18), (true, 129): .reply
      // Destination unreachable, source quench, time exceeded, parameter problem; in IPv6 packet
      // too big instead of the second
      case (false, 3), (false, 4), (false, 11), (false, 12), (true, 1...4): .error
      default: .other
      }
  }
}

extension Packet {
  /// What the IP header says of a packet.
  @inlinable @inline(__always)
  package init(_ bytes: Span<UInt8>, _ ip: IPLayout) {
    self.init(
      ip.protocol,
      from: TransportAddress(bytes.address(at: ip.source, isV6: ip.isV6), port: 0),
      to: TransportAddress(bytes.address(at: ip.destination, isV6: ip.isV6), port: 0),
      payloadLength: ip.end - ip.transport)
    fragment = ip.fragment
  }

  /// Reads the parts that a NAT looks at from a packet's bytes, its IP header first.
  ///
  /// - Throws: ``PacketError`` with the offset; a wrong checksum of TCP, UDP or an ICMP query is no
  ///   error here, as the receiver will find it.
  public init(parsing bytes: Span<UInt8>) throws(PacketError) {
    self = try PacketLayout.parse(bytes).1
  }
}
