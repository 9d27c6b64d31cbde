import IPPacket
public import NATTable
public import SansIO
public import TransportAddress

/// An IP router around a NAT: the table between two links, and what a router owes to hosts besides.
///
///     inside 10.0.0.0/24 ──▶ ┌───────────────────────────────┐ ──▶ outside
///                10.0.0.1    │ time to live, MTU, NATTable   │     203.0.113.7
///                       ◀──  └───────────────────────────────┘ ◀──
///
/// It does no input or output. Packets go in as bytes and are translated in place; what the router
/// sends by itself, such as the error that makes `traceroute` work, comes from ``nextAction()``.
public struct NATRouter: Sendable {
  /// A side of the router.
  public enum Side: Hashable, Sendable, CaseIterable {
    case inside
    case outside

    /// The side where packets from this one leave.
    public var other: Side { self == .inside ? .outside : .inside }
  }

  /// What becomes of a packet.
  public enum Verdict: Hashable, Sendable {
    /// Its bytes, translated, are to be sent there now.
    case forward(to: Side, makesMapping: Bool)
    /// It ends here. An error to its sender, if any, comes from ``NATRouter/nextAction()``.
    case drop(RouterDropReason)
    /// It was an echo request to the router itself.
    case answered
    /// It was fragmented; the fragments come from ``NATRouter/nextAction()``.
    case fragmented(makesMapping: Bool)
    /// It is a fragment that came before the first of its datagram; the router keeps a copy.
    case queued
  }

  /// One thing for the driver to do.
  public enum Action: Hashable, Sendable {
    /// Send this packet.
    case send(Outgoing)
  }

  /// A packet that the router sends besides what it forwards, complete with its checksums.
  public struct Outgoing: Hashable, Sendable {
    /// The side where it leaves.
    public var side: Side
    /// The packet, its IP header first.
    public var bytes: [UInt8]

    /// A packet for a side.
    public init(side: Side, bytes: [UInt8]) {
      self.side = side
      self.bytes = bytes
    }
  }

  /// Why there can be no such router.
  public enum ConfigurationError: Error, Hashable, Sendable {
    /// The inside network is none.
    case network(InsideNetwork.InvalidNetwork)
    /// An address of the NAT on the outside belongs to the inside network.
    case externalAddressInside(IPv4Address)
    /// The MTU is less than the 68 bytes that each IPv4 link takes (RFC 791 §3.2).
    case mtu(Int)
  }

  /// The NAT.
  public private(set) var table: NATTable
  /// The network on the inside, with the router's own address in it.
  public let inside: InsideNetwork
  /// The largest packet of each side's link, in bytes.
  public private(set) var mtu: (inside: Int, outside: Int)

  /// Fragments that wait for the first of their datagram.
  private(set) var queued: [HoldToken: [QueuedFragment]] = [:]
  private var limit = ErrorLimit()
  private var actions = ActionQueue<Action>()
  private let ownAddresses: [IPv4Address]

  struct QueuedFragment {
    var bytes: [UInt8]
    var side: Side
  }

  /// A router around a table.
  ///
  /// - Parameters:
  ///   - gateway: the router's own address on the inside.
  ///   - prefixLength: how many leading bits the inside network's addresses share, 8 to 30.
  ///   - mtu: the largest packet of each side's link, in bytes, at least 68.
  /// - Throws: ``ConfigurationError``.
  public init(
    _ table: NATTable, gateway: IPv4Address, prefixLength: Int = 24,
    mtu: (inside: Int, outside: Int) = (1500, 1500)
  ) throws(ConfigurationError) {
    let network: InsideNetwork
    do throws(InsideNetwork.InvalidNetwork) {
      network = try InsideNetwork(gateway: gateway, prefixLength: prefixLength)
    } catch {
      throw .network(error)
    }
    self.table = table
    inside = network
    self.mtu = mtu
    ownAddresses = table.externalAddresses.compactMap {
      if case .v4(let address) = $0 { address } else { nil }
    }
    if let address = ownAddresses.first(where: network.contains) {
      throw .externalAddressInside(address)
    }
    try setMTU(inside: mtu.inside, outside: mtu.outside)
  }

  /// Notes that a link takes packets of another size.
  ///
  /// - Throws: ``ConfigurationError/mtu(_:)`` for one below 68 bytes; nothing is changed then.
  public mutating func setMTU(inside: Int, outside: Int) throws(ConfigurationError) {
    guard inside >= 68 else { throw .mtu(inside) }
    guard outside >= 68 else { throw .mtu(outside) }
    mtu = (inside, outside)
  }

  /// Maps an inside endpoint to an outside endpoint for good; everyone may send to it.
  ///
  /// - Throws: if the outside endpoint is not one of the NAT's, or either has a mapping already.
  public mutating func addStaticMapping(
    _ protocol: TransportProtocol = .udp, inside: TransportAddress, outside: TransportAddress
  ) throws(NATTable.ConfigurationError) {
    try table.addStaticMapping(`protocol`, inside: inside, outside: outside)
  }

  /// The router's own address on the inside.
  public var gateway: IPv4Address { inside.gateway }

  private func mtu(of side: Side) -> Int { side == .inside ? mtu.inside : mtu.outside }

  // MARK: - Packets

  /// Routes a packet.
  ///
  /// - Parameter offload: the checksum and segmentation work that the sender's kernel left.
  /// - Complexity: O(1) on average and without allocation for a packet that goes on whole.
  public mutating func received(
    _ bytes: inout MutableSpan<UInt8>, from side: Side, offload: Offload = .none, at now: Instant
  ) -> Verdict {
    table.expire(at: now)
    let header: RoutedHeader
    do throws(PacketError) {
      header = try RoutedHeader(bytes.span)
    } catch {
      return .drop(.malformed(error.reason))
    }
    if let martian = Martian(
      source: header.source, destination: header.destination, fromInside: side == .inside,
      inside: inside)
    {
      return .drop(.martian(martian))
    }
    if side == .inside, case .v4(let destination) = header.destination {
      if destination == gateway { return answerLocally(bytes.span, header, offload) }
      if inside.contains(destination) {
        sendError(
          ICMPErrorMessage(.hostUnreachable), about: bytes.span, offload, from: .v4(gateway),
          to: .inside, at: now)
        return .drop(.staysInside)
      }
    }
    return translate(&bytes, header, from: side, offload: offload, at: now)
  }

  /// Takes a packet through the table, unless it may not go so far or is too large.
  private mutating func translate(
    _ bytes: inout MutableSpan<UInt8>, _ header: RoutedHeader, from side: Side, offload: Offload,
    at now: Instant
  ) -> Verdict {
    let isHairpin = side == .inside && isOwn(header.destination)
    let target: Side = side == .inside && !isHairpin ? .outside : .inside
    // RFC 4787 REQ-13, RFC 1812 §5.3.1: the obstacle is found before translation, as the error has
    // to show the packet that its sender knows.
    let obstacle = obstacle(header, offload, to: target)
    if let obstacle, side == .inside {
      sendError(
        obstacle.error, about: bytes.span, offload, from: .v4(gateway), to: .inside, at: now)
      return .drop(obstacle.reason)
    }
    // From the outside the table is asked first: to a stranger the router need not exist.
    let original = obstacle == nil ? [] : copy(bytes.span)

    let partial = offload.begin(bytes.span)
    let before = table.count
    // Its time has been told already, when the packet came.
    let verdict = table.translate(&bytes, header.ip, fromInside: side == .inside)
    let makesMapping = table.count > before
    defer { if table.hasActions { performTableActions(at: now) } }

    switch verdict {
    case .forward:
      if let obstacle {
        sendError(
          obstacle.error, about: original.span, offload, from: header.destination, to: .outside,
          at: now)
        return .drop(obstacle.reason)
      }
      _ = HopLimit.decrement(&bytes)
      offload.finish(&bytes, partial)
      guard header.length(offload) > mtu(of: target) else {
        return .forward(to: target, makesMapping: makesMapping)
      }
      if let partial { bytes.completeChecksum(partial) }
      for fragment in Fragmentation(mtu: mtu(of: target)).fragments(of: bytes.span) {
        send(fragment, to: target)
      }
      return .fragmented(makesMapping: makesMapping)
    case .drop(let reason):
      if side == .inside, let error = ICMPErrorMessage(reason, isV6: header.ip.isV6) {
        sendError(error, about: bytes.span, offload, from: .v4(gateway), to: .inside, at: now)
      }
      return .drop(.table(reason))
    case .hold(let token):
      queued[token, default: []].append(QueuedFragment(bytes: copy(bytes.span), side: side))
      return .queued
    case .malformed(let error): return .drop(.malformed(error.reason))
    }
  }

  private func isOwn(_ address: IPAddress) -> Bool {
    guard case .v4(let address) = address else { return false }
    return ownAddresses.contains(address)
  }

  /// Why a packet that the table would let pass cannot go on.
  private func obstacle(
    _ header: RoutedHeader, _ offload: Offload, to target: Side
  ) -> (reason: RouterDropReason, error: ICMPErrorMessage)? {
    let isV6 = header.ip.isV6
    if header.timeToLive <= 1 { return (.timeExceeded, .timeExceeded(isV6: isV6)) }
    // The host that left a segment to the device looks for the path's MTU.
    let mustNotFragment = header.mustNotFragment || offload.segmentSize > 0
    if mustNotFragment, header.length(offload) > mtu(of: target) {
      return (.tooLarge, .tooBig(mtu: mtu(of: target), isV6: isV6))
    }
    return nil
  }

  // MARK: - What the router does by itself

  /// The next thing to do besides forwarding; nil if there is nothing.
  ///
  /// To be called until it gives nil, after each packet and each ``timerFired(at:)``, and after the
  /// forwarded packet was sent: a first fragment leaves before the queued ones.
  /// - Complexity: O(1) on average.
  public mutating func nextAction() -> Action? { actions.next() }

  /// When ``timerFired(at:)`` is to be called though no packet comes; nil for never.
  public var nextDeadline: Instant? { table.nextDeadline }

  /// Removes what has expired, and answers what has waited long enough.
  public mutating func timerFired(at now: Instant) {
    table.expire(at: now)
    performTableActions(at: now)
  }

  private mutating func performTableActions(at now: Instant) {
    while let action = table.nextAction() {
      switch action {
      case .send(let packet):
        // An answer to one of the NAT's own addresses is about a hairpinned packet.
        if !isOwn(packet.destination.address) { send(packet.bytes(), to: .outside) }
      case .discard(let token): queued[token] = nil
      case .offerAgain(let token):
        for fragment in queued.removeValue(forKey: token) ?? [] {
          var bytes = fragment.bytes
          var span = bytes.mutableSpan
          if case .forward(let side, _) = received(&span, from: fragment.side, at: now) {
            send(bytes, to: side)
          }
        }
      }
    }
  }

  private mutating func send(_ bytes: [UInt8], to side: Side) {
    actions.append(.send(Outgoing(side: side, bytes: bytes)))
  }

  private mutating func sendError(
    _ error: ICMPErrorMessage, about packet: Span<UInt8>, _ offload: Offload,
    from source: IPAddress, to side: Side, at now: Instant
  ) {
    var quoted = copy(packet)
    if let partial = offload.begin(packet) {
      var span = quoted.mutableSpan
      span.completeChecksum(partial)
    }
    var bytes = [UInt8](repeating: 0, count: 576)
    var output = bytes.mutableSpan
    guard let length = error.write(about: quoted.span, from: source, into: &output),
      limit.allows(at: now)
    else { return }
    send(Array(bytes.prefix(length)), to: side)
  }

  // MARK: - The router as a host

  /// Answers an echo request, and refuses all else (RFC 1122 §3.2.2.6 and §3.2.2.1).
  private mutating func answerLocally(
    _ packet: Span<UInt8>, _ header: RoutedHeader, _ offload: Offload
  ) -> Verdict {
    var reply = [UInt8](repeating: 0, count: header.ip.end)
    var output = reply.mutableSpan
    if let length = EchoReply.write(to: packet, into: &output) {
      send(Array(reply.prefix(length)), to: .inside)
      return .answered
    }
    if header.ip.protocol == .tcp || header.ip.protocol == .udp {
      sendError(
        ICMPErrorMessage(.portUnreachable), about: packet, offload, from: .v4(gateway),
        to: .inside, at: table.time)
    }
    return .drop(.forTheRouter)
  }

  // MARK: - For observers

  /// The mapping that a packet from the inside left through; nil if there is none.
  ///
  /// - Parameter translated: the packet as it was forwarded.
  public func mapping(of translated: Span<UInt8>) -> NATTable.Mapping? {
    guard let packet = try? Packet(parsing: translated) else { return nil }
    return table.mapping(at: packet.source, packet.protocol, remote: packet.destination)
  }

  /// Whether mappings that end are kept for ``takeEndedMappings()``; they are not, unless this is set.
  public var keepsEndedMappings: Bool {
    get { table.keepsEndedMappings }
    set { table.keepsEndedMappings = newValue }
  }

  /// Takes the mappings that have ended, in that order, each as it was before its end.
  ///
  /// - Complexity: O(their number).
  public mutating func takeEndedMappings() -> [NATTable.Mapping] { table.takeEndedMappings() }

  private func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    Array(unsafeUninitializedCapacity: bytes.count) { buffer, count in
      for index in bytes.indices { buffer.initializeElement(at: index, to: bytes[index]) }
      count = bytes.count
    }
  }
}
