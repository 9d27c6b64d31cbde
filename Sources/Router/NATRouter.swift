import IPPacket
public import NATTable
public import SansIO
public import TransportAddress

/// A router whose only business is to translate: the table between two links, and all that a router
/// owes to hosts besides.
///
///     inside 10.0.0.0/24 ──▶ ┌───────────────────────────────┐ ──▶ outside
///                10.0.0.1    │ time to live, size, NATTable  │     203.0.113.7
///                       ◀──  └───────────────────────────────┘ ◀──
///
/// It does no input or output. Packets go in as bytes and are translated in place; what it has to
/// say by itself, such as the error that makes `traceroute` work, is fetched by ``nextOutgoing()``.
public struct NATRouter: Sendable {
  /// A side of the router.
  public enum Side: Hashable, Sendable, CaseIterable {
    case inside
    case outside

    public var other: Side { self == .inside ? .outside : .inside }
  }

  /// What has become of a packet.
  public enum Verdict: Hashable, Sendable {
    /// Its bytes, translated, are to be sent there now.
    case forward(to: Side, makesMapping: Bool)
    /// It ends here. Its sender may be told, by what ``NATRouter/nextOutgoing()`` gives.
    case drop(RouterDropReason)
    /// It was a question to the router itself.
    case answered
    /// It was cut up, and its pieces come from ``NATRouter/nextOutgoing()``.
    case cutUp(makesMapping: Bool)
    /// A fragment before the first of its datagram; the router keeps a copy of it.
    case held
  }

  /// A packet that the router sends by itself, complete with its checksums.
  public struct Outgoing: Hashable, Sendable {
    public var side: Side
    public var bytes: [UInt8]
  }

  public private(set) var table: NATTable
  /// The router's own address on the inside.
  public let gateway: IPv4Address
  /// How many leading bits the inside's addresses have in common.
  public let prefixLength: Int
  /// The largest packet of each side's link, in bytes.
  public var mtu: (inside: Int, outside: Int)

  private var held: [HoldToken: [HeldFragment]] = [:]
  private var limit = ErrorLimit()
  var outgoing: [Outgoing] = []
  let ownAddresses: [IPv4Address]

  private struct HeldFragment {
    var bytes: [UInt8]
    var side: Side
  }

  /// - Parameter prefixLength: of the inside network, 8 to 30; others are brought there.
  public init(
    _ table: NATTable, gateway: IPv4Address, prefixLength: Int = 24,
    mtu: (inside: Int, outside: Int) = (1500, 1500)
  ) {
    self.table = table
    self.gateway = gateway
    self.prefixLength = min(30, max(8, prefixLength))
    self.mtu = mtu
    ownAddresses = table.externalAddresses.compactMap {
      if case .v4(let address) = $0 { address } else { nil }
    }
  }

  /// How many datagrams there are whose first fragment has not come.
  var waitingDatagrams: Int { held.count }

  /// The largest packet of a side's link; each takes 68 bytes (RFC 791 §3.2).
  func mtu(of side: Side) -> Int { max(68, side == .inside ? mtu.inside : mtu.outside) }

  // MARK: - Packets

  /// Routes a packet.
  ///
  /// - Parameter offload: what the sender's kernel left undone, where it may.
  /// - Complexity: O(1) on average and without allocation for a packet that goes on whole.
  public mutating func received(
    _ bytes: inout MutableSpan<UInt8>, from side: Side, offload: Offload = .none, at now: Instant
  ) -> Verdict {
    table.expire(at: now)
    guard let header = IPv4Header(bytes.span) else {
      if bytes.span.isLinkLocalV6 { return .drop(.notForwarded) }
      return translate(&bytes, nil, from: side, offload: .none, at: now)
    }
    if header.isLinkLocal { return .drop(.notForwarded) }
    if side == .inside {
      if header.destination == gateway { return answerLocally(bytes.span, header, offload) }
      if isInside(header.destination) {
        sendError(
          ICMPErrorMessage(.hostUnreachable), about: bytes.span, offload, from: gateway,
          to: .inside, at: now)
        return .drop(.staysInside)
      }
    }
    return translate(&bytes, header, from: side, offload: offload, at: now)
  }

  private func isInside(_ address: IPv4Address) -> Bool {
    (address.rawValue ^ gateway.rawValue) >> UInt32(32 - prefixLength) == 0
  }

  /// Takes a packet through the table, unless it may not go so far or is too large.
  private mutating func translate(
    _ bytes: inout MutableSpan<UInt8>, _ header: IPv4Header?, from side: Side, offload: Offload,
    at now: Instant
  ) -> Verdict {
    let turnsRound =
      header.map { side == .inside && ownAddresses.contains($0.destination) } ?? false
    let target: Side = side == .inside && !turnsRound ? .outside : .inside
    // RFC 4787 REQ-13, RFC 1812 §5.3.1: what stops a packet here. Seen before translation, as the
    // error has to show the packet that its sender knows.
    let obstacle = header.flatMap { self.obstacle($0, offload, to: target) }
    if let obstacle, side == .inside {
      sendError(obstacle.error, about: bytes.span, offload, from: gateway, to: .inside, at: now)
      return .drop(obstacle.reason)
    }
    // From the outside the table is asked first: to a stranger the router need not exist.
    let original = obstacle == nil ? [] : copy(bytes.span)

    let partial = offload.begin(bytes.span)
    let before = table.count
    let verdict =
      side == .inside ? table.outbound(&bytes, at: now) : table.inbound(&bytes, at: now)
    let makesMapping = table.count > before
    defer { if !held.isEmpty { offerHeldAgain(at: now) } }

    switch verdict {
    case .forward:
      if let obstacle, let header {
        sendError(
          obstacle.error, about: original.span, offload, from: header.destination, to: .outside,
          at: now)
        return .drop(obstacle.reason)
      }
      if header == nil, !HopLimit.decrement(&bytes) { return .drop(.timeExceeded) }
      guard let header else { return .forward(to: target, makesMapping: makesMapping) }
      _ = HopLimit.decrement(&bytes)
      offload.finish(&bytes, partial)
      guard header.length(offload) > mtu(of: target) else {
        return .forward(to: target, makesMapping: makesMapping)
      }
      if let partial { bytes.completeChecksum(partial) }
      outgoing += Fragmentation(mtu: mtu(of: target)).fragments(of: bytes.span).map {
        Outgoing(side: target, bytes: $0)
      }
      return .cutUp(makesMapping: makesMapping)
    case .drop(let reason):
      if side == .inside, let error = ICMPErrorMessage(reason, isV6: false) {
        sendError(error, about: bytes.span, offload, from: gateway, to: .inside, at: now)
      }
      return .drop(.table(reason))
    case .hold(let token):
      held[token, default: []].append(HeldFragment(bytes: copy(bytes.span), side: side))
      return .held
    case .malformed(let error): return .drop(.malformed(error.reason))
    }
  }

  /// Why a packet that the table would let pass cannot go on.
  private func obstacle(
    _ header: IPv4Header, _ offload: Offload, to target: Side
  ) -> (reason: RouterDropReason, error: ICMPErrorMessage)? {
    if header.timeToLive <= 1 { return (.timeExceeded, .timeExceeded(isV6: false)) }
    // A segment that was not cut up yet comes from a host that looks for the path's MTU.
    let mustNotBeCut = header.mustNotFragment || offload.segmentSize > 0
    if mustNotBeCut, header.length(offload) > mtu(of: target) {
      return (.tooLarge, .tooBig(mtu: mtu(of: target), isV6: false))
    }
    return nil
  }

  // MARK: - What the router says by itself

  /// The next packet to send besides what was forwarded; nil if there is none.
  ///
  /// To be asked for until there is none after each packet and each deadline, in this order: a
  /// datagram's first fragment is forwarded before the others that were waiting for it.
  public mutating func nextOutgoing() -> Outgoing? {
    outgoing.isEmpty ? nil : outgoing.removeFirst()
  }

  /// When something has to be done though no packet comes.
  public var nextDeadline: Instant? { table.nextDeadline }

  /// Removes what has expired, and has the table say what it has to.
  public mutating func timerFired(at now: Instant) {
    table.expire(at: now)
    offerHeldAgain(at: now)
    while let answer = table.nextAnswer() {
      // One to the router's own address would be for a packet that turned round.
      if case .v4(let address) = answer.destination.address, !ownAddresses.contains(address) {
        outgoing.append(Outgoing(side: .outside, bytes: answer.bytes()))
      }
    }
  }

  private mutating func offerHeldAgain(at now: Instant) {
    while let outcome = table.nextHoldOutcome() {
      switch outcome {
      case .abandoned(let token): held[token] = nil
      case .settled(let token):
        for fragment in held.removeValue(forKey: token) ?? [] {
          var bytes = fragment.bytes
          var span = bytes.mutableSpan
          if case .forward(let side, _) = received(&span, from: fragment.side, at: now) {
            outgoing.append(Outgoing(side: side, bytes: bytes))
          }
        }
      }
    }
  }

  private mutating func sendError(
    _ error: ICMPErrorMessage, about packet: Span<UInt8>, _ offload: Offload,
    from source: IPv4Address, to side: Side, at now: Instant
  ) {
    var quoted = copy(packet)
    if let partial = offload.begin(packet) {
      var span = quoted.mutableSpan
      span.completeChecksum(partial)
    }
    var bytes = [UInt8](repeating: 0, count: 576)
    var output = bytes.mutableSpan
    guard let length = error.write(about: quoted.span, from: .v4(source), into: &output),
      limit.allows(at: now)
    else { return }
    outgoing.append(Outgoing(side: side, bytes: Array(bytes.prefix(length))))
  }

  // MARK: - The router as a host

  /// Answers a ping, and refuses everything else (RFC 1122 §3.2.2.6 and §3.2.2.1).
  private mutating func answerLocally(
    _ packet: Span<UInt8>, _ header: IPv4Header, _ offload: Offload
  ) -> Verdict {
    if let reply = header.echoReply(to: packet) {
      outgoing.append(Outgoing(side: .inside, bytes: reply))
      return .answered
    }
    if header.protocol == 6 || header.protocol == 17 {
      sendError(
        ICMPErrorMessage(.portUnreachable), about: packet, offload, from: gateway, to: .inside,
        at: table.time)
    }
    return .drop(.forTheRouter)
  }

  // MARK: - For those who watch

  /// The mapping that a packet from the inside, translated by now, left through.
  public func mapping(of translated: Span<UInt8>) -> NATTable.Mapping? {
    guard let packet = try? Packet(parsing: translated) else { return nil }
    return table.mapping(at: packet.source, packet.protocol, remote: packet.destination)
  }

  private func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    Array(unsafeUninitializedCapacity: bytes.count) { buffer, count in
      for index in bytes.indices { buffer.initializeElement(at: index, to: bytes[index]) }
      count = bytes.count
    }
  }
}
