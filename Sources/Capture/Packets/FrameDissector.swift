internal import IPPacket
internal import TransportAddress

/// Leads from frames to what ports carry: through links, tunnels and fragments.
///
/// Its memory is bounded: what waits is only fragments, see ``FragmentReassembler``.
public struct FrameDissector: Sendable {
  private var fragments = FragmentReassembler()
  /// How many frames have been looked at.
  public private(set) var frameCount = 0
  /// Of how many frames nothing could be read, by the reason.
  public private(set) var unread: [UnreadReason: Int] = [:]

  /// More kinds than this are counted as one.
  private static let mostReasons = 256
  /// So many headers may lie within each other.
  static let deepest = 16

  /// A dissector that has seen no frame.
  public init() {}

  /// Of how many frames nothing could be read.
  ///
  /// Fragments count until their packet has become whole.
  public var unreadFrameCount: Int { unread.values.reduce(0, +) }

  /// What a frame carries, or the packet whose last missing fragment it brings; nil if it is counted
  /// as unread.
  ///
  /// - Complexity: O(n), n being the frame's length.
  public mutating func contents(of frame: CapturedFrame) -> FrameContents? {
    frameCount += 1
    let bytes = frame.bytes
    do throws(UnreadReason) {
      let missing = max(0, frame.originalByteCount - bytes.count)
      var walk = Walk(end: bytes.count, missing: missing, time: frame.time)
      return try link(bytes.span, &walk, frame.linkType)
    } catch {
      let reason = unread.count < Self.mostReasons || unread[error] != nil ? error : .otherNetwork
      unread[reason, default: 0] += 1
      return nil
    }
  }

  /// Where in a frame the next header stands.
  struct Walk {
    var position = 0
    /// Where what may be read ends.
    let end: Int
    /// How many bytes after the end were not kept.
    let missing: Int
    let time: Int64
    var depth = 0

    init(position: Int = 0, end: Int, missing: Int, time: Int64) {
      self.position = position
      self.end = end
      self.missing = missing
      self.time = time
    }

    var count: Int { end - position }

    mutating func skip(_ count: Int) throws(UnreadReason) {
      guard count >= 0, self.count >= count else { throw .cut }
      position += count
    }

    mutating func byte(_ bytes: Span<UInt8>) throws(UnreadReason) -> UInt8 {
      guard count >= 1 else { throw .cut }
      defer { position += 1 }
      return bytes[position]
    }

    mutating func word(_ bytes: Span<UInt8>) throws(UnreadReason) -> UInt16 {
      guard count >= 2 else { throw .cut }
      defer { position += 2 }
      return bytes.word(at: position)
    }

    mutating func doubleWord(_ bytes: Span<UInt8>) throws(UnreadReason) -> UInt32 {
      guard count >= 4 else { throw .cut }
      defer { position += 4 }
      return bytes.doubleWord(at: position)
    }

    /// Counts a header more; each that is stepped over by recursion does so.
    mutating func descend() throws(UnreadReason) {
      depth += 1
      guard depth <= FrameDissector.deepest else { throw .tooDeep }
    }

    /// What may be read within a packet that ends here.
    func limited(to end: Int, missing: Int) -> Walk {
      var walk = Walk(position: position, end: end, missing: missing, time: time)
      walk.depth = depth
      return walk
    }
  }

  // MARK: - IP

  mutating func ip(
    _ bytes: Span<UInt8>, _ outer: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    try outer.descend()
    let layout: IPLayout
    let missing: Int
    do throws(PacketError) {
      (layout, missing) = try IPLayout.captured(
        bytes.extracting(0..<outer.end), at: outer.position, missing: outer.missing)
    } catch {
      switch error.reason {
      case .truncated: throw .cut
      case .unknownVersion: throw .otherNetwork
      default: throw .damaged
      }
    }
    var walk = outer.limited(to: layout.end, missing: missing)
    walk.position = layout.transport
    if let fragment = layout.fragment {
      return try self.fragment(bytes, walk, layout, fragment)
    }
    return try transport(bytes, &walk, layout, layout.protocol.rawValue)
  }

  private mutating func fragment(
    _ bytes: Span<UInt8>, _ walk: Walk, _ layout: IPLayout, _ fragment: Fragment
  ) throws(UnreadReason) -> FrameContents {
    guard walk.missing == 0 else { throw .fragment }
    let key = FragmentReassembler.Key(
      source: bytes.address(at: layout.source, isV6: layout.isV6),
      destination: bytes.address(at: layout.destination, isV6: layout.isV6),
      protocol: layout.protocol.rawValue, identification: fragment.identification)
    let piece = bytes.extracting(walk.position..<walk.end).withUnsafeBufferPointer { Array($0) }
    guard
      let (payload, count) = fragments.received(
        piece, at: Int(fragment.offset), isLast: !fragment.moreFollow, of: key, time: walk.time)
    else { throw .fragment }
    // The others were counted when they could not be read yet.
    let left = unread[.fragment, default: 0] - (count - 1)
    unread[.fragment] = left > 0 ? left : nil
    // The packet as it would have been without fragments: its header, and all of its payload.
    let header = bytes.extracting(layout.start..<layout.start + (layout.isV6 ? 40 : 20))
    var whole = header.withUnsafeBufferPointer { Array($0) }
    if layout.isV6 {
      whole[6] = layout.protocol.rawValue
      (whole[4], whole[5]) = (0, 0)
    } else {
      whole[0] = 0x45
      (whole[2], whole[3], whole[6], whole[7]) = (0, 0, 0, 0)
    }
    whole += payload
    var inner = Walk(end: whole.count, missing: 0, time: walk.time)
    inner.depth = walk.depth
    return try ip(whole.span, &inner)
  }

  /// What an IP packet carries, by the protocol's number.
  private mutating func transport(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ layout: IPLayout, _ number: UInt8
  ) throws(UnreadReason) -> FrameContents {
    switch number {
    case 17, 136: return try udp(bytes, &walk, layout, isLite: number == 136)
    case 6: return .segment(try tcp(bytes, &walk, layout))
    case 1 where !layout.isV6, 58 where layout.isV6:
      return .icmpError(try icmp(bytes, &walk, layout))
    case 4, 41: return try ip(bytes, &walk)
    case 47: return try gre(bytes, &walk)
    case 51 where !layout.isV6:
      // Authentication over IPv4: the next protocol, and a length in words (RFC 4302 §2).
      let next = try walk.byte(bytes)
      try walk.skip((Int(try walk.byte(bytes)) + 2) * 4 - 2)
      try walk.descend()
      return try transport(bytes, &walk, layout, next)
    case 97:
      // EtherIP (RFC 3378 §2)
      try walk.skip(2)
      return try ethernet(bytes, &walk)
    case 137: return try mpls(bytes, &walk)
    default: throw .ipProtocol(number)
    }
  }

  private mutating func udp(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ layout: IPLayout, isLite: Bool
  ) throws(UnreadReason) -> FrameContents {
    let segment = try datagram(bytes, &walk, layout, isLite: isLite)
    var inner = walk
    if let tunnel = Tunnel(
      bytes.extracting(0..<walk.end), at: walk.position, segment.source.port,
      segment.destination.port)
    {
      try inner.skip(tunnel.headerByteCount)
      switch tunnel.content {
      case .ethernet: return try ethernet(bytes, &inner)
      case .ip: return try ip(bytes, &inner)
      case .mpls: return try mpls(bytes, &inner)
      }
    }
    return .segment(segment)
  }

  /// Reads a datagram, and leaves `walk` at its payload.
  private func datagram(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ layout: IPLayout, isLite: Bool
  ) throws(UnreadReason) -> CapturedSegment {
    let source = try walk.word(bytes)
    let destination = try walk.word(bytes)
    let length = Int(try walk.word(bytes))
    try walk.skip(2)
    let left = walk.count + walk.missing
    // UDP-Lite has the checksum's coverage there (RFC 3828 §3.1); 0 is a jumbogram's (RFC 2675 §4).
    let promised = isLite || length == 0 ? left : length - 8
    guard promised >= 0 else { throw .damaged }
    let kept = min(promised, walk.count)
    walk = walk.limited(to: walk.position + kept, missing: promised - kept)
    return segment(bytes, walk, layout, source, destination, .udp)
  }

  private func tcp(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ layout: IPLayout
  ) throws(UnreadReason) -> CapturedSegment {
    let source = try walk.word(bytes)
    let destination = try walk.word(bytes)
    let sequence = try walk.doubleWord(bytes)
    try walk.skip(4)
    let offsetAndFlags = try walk.word(bytes)
    // 14 bytes are read; the header has as many words as its top four bits say.
    let headerLength = Int(offsetAndFlags >> 12) * 4
    guard headerLength >= 20 else { throw .damaged }
    try walk.skip(headerLength - 14)
    let isSYN = offsetAndFlags & 0x02 != 0
    return segment(
      bytes, walk, layout, source, destination,
      .tcp(
        sequence: sequence &+ (isSYN ? 1 : 0), isStart: isSYN, isEnd: offsetAndFlags & 0x05 != 0))
  }

  private func segment(
    _ bytes: Span<UInt8>, _ walk: Walk, _ layout: IPLayout, _ source: UInt16,
    _ destination: UInt16, _ transport: CapturedSegment.Transport
  ) -> CapturedSegment {
    CapturedSegment(
      source: TransportAddress(
        bytes.address(at: layout.source, isV6: layout.isV6), port: source),
      destination: TransportAddress(
        bytes.address(at: layout.destination, isV6: layout.isV6), port: destination),
      transport: transport,
      payload: bytes.extracting(walk.position..<walk.end).withUnsafeBufferPointer { Array($0) },
      missingByteCount: walk.missing)
  }

  /// Reads an error, and of the packet that it quotes the UDP header and what follows.
  ///
  /// Errors of ICMP are of type 3 (unreachable), 4, 5, 11 (time exceeded) and 12 (RFC 792), those of
  /// ICMPv6 have types below 128 (RFC 4443 §2.1). Both quote after eight bytes of their own.
  private func icmp(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ layout: IPLayout
  ) throws(UnreadReason) -> QuotedDatagram {
    let type = try walk.byte(bytes)
    let code = try walk.byte(bytes)
    guard layout.isV6 ? type < 128 : [3, 4, 5, 11, 12].contains(type) else { throw .icmp }
    try walk.skip(6)
    let quoted: IPLayout
    let missing: Int
    do throws(PacketError) {
      (quoted, missing) = try IPLayout.captured(
        bytes.extracting(0..<walk.end), at: walk.position, missing: walk.missing)
    } catch {
      throw .icmp
    }
    guard quoted.isV6 == layout.isV6, quoted.protocol == .udp, quoted.fragment == nil else {
      throw .icmp
    }
    var inner = walk.limited(to: quoted.end, missing: missing)
    inner.position = quoted.transport
    return QuotedDatagram(
      reporter: bytes.address(at: layout.source, isV6: layout.isV6), type: type, code: code,
      segment: try datagram(bytes, &inner, quoted, isLite: false))
  }
}
