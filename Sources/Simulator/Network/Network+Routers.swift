import IPPacket
import NATTable
import Router
import SansIO
import TransportAddress

/// How packets go through routers.
extension Network {
  // MARK: - Without a NAT: the Internet, and firewalls

  /// Routes a packet without translating it (RFC 1812 §5.2).
  mutating func route(_ flight: consuming EventQueue.Flight, by router: Int) {
    let node = routers[router].node
    let side = side(of: flight.sender, at: node)
    let isV6 = flight.bytes[0] >> 4 == 6
    let child =
      isV6
      ? routers[router].child(for: flight.bytes.span.addressV6(at: 24))
      : routers[router].child(for: flight.bytes.span.addressV4(at: 16))
    if let reason = firewallReason(flight, by: router, side, isV6: isV6) {
      return drop(flight, at: node, side, .firewall(reason))
    }
    guard let next = child ?? parent(of: node), next != flight.sender else {
      let destination = flight.bytes.span.address(at: isV6 ? 24 : 16, isV6: isV6)
      return drop(flight, at: node, side, Self.isRouted(destination) ? .noHost : .notRouted)
    }
    let mtu = child == nil ? nodes[node.index].up.mtu : nodes[next.index].down.mtu
    if flight.bytes.count > mtu {
      switch LinkFit(flight.bytes.span, mtu: mtu) {
      case .fits: break
      case .tooBig(let error):
        return refuse(flight, by: router, side, .tooLarge, telling: error)
      case .fragment(let fragmentation):
        return fragment(flight, fragmentation, from: node, side, to: next)
      }
    }
    let before = isTracing ? flight.bytes : []
    var bytes = flight.takeBytes()
    var span = bytes.mutableSpan
    guard HopLimit.decrement(&span) else {
      flight.bytes = bytes
      return refuse(
        flight, by: router, side, .timeExceeded, telling: .timeExceeded(isV6: isV6))
    }
    if isTracing {
      let after = Trace.Passage(bytes: bytes, side: child == nil ? .outside : .inside)
      trace.record(
        .forwarded(flight.packet, before: .init(bytes: before, side: side), after: after),
        at: node, time)
    }
    transmit(flight.packet, bytes, from: node, to: next)
  }

  /// Drops a packet that cannot go on, and tells its sender (RFC 1812 §5.3.1, §5.3.7).
  private mutating func refuse(
    _ flight: borrowing EventQueue.Flight, by router: Int, _ side: NATRouter.Side,
    _ reason: DropReason, telling error: ICMPErrorMessage
  ) {
    let node = routers[router].node
    drop(flight, at: node, side, reason)
    let isV6 = flight.bytes[0] >> 4 == 6
    if let packet = error.packet(about: flight.bytes.span, from: gateway(of: router, isV6: isV6)) {
      send(packet, by: node, to: flight.sender)
    }
  }

  private mutating func fragment(
    _ flight: borrowing EventQueue.Flight, _ fragmentation: Fragmentation,
    from node: NodeID, _ side: NATRouter.Side, to next: NodeID
  ) {
    consume(flight, flight.bytes, side, .fragmented, at: node)
    for fragment in fragmentation.fragments(of: flight.bytes.span) {
      var fragment = fragment
      var span = fragment.mutableSpan
      if HopLimit.decrement(&span) { send(fragment, by: node, to: next) }
    }
  }

  /// Whether the Internet routes an address to somewhere (RFC 1918 §3, RFC 6598 §4).
  static func isRouted(_ address: IPAddress) -> Bool {
    switch address.classification {
    case .global, .documentation, .benchmarking, .protocolAssignment: true
    default: false
    }
  }

  // MARK: - With a NAT

  /// Takes a packet through a router with a NAT.
  mutating func translate(_ flight: consuming EventQueue.Flight, by router: Int) {
    if flight.bytes[0] >> 4 == 6 { return routeV6(flight, by: router) }
    let node = routers[router].node
    let side = side(of: flight.sender, at: node)
    let destination = flight.bytes.span.addressV4(at: 16)
    let isUDP = flight.bytes[9] == TransportProtocol.udp.rawValue
    if side == .inside {
      // Hosts of one network reach each other without the router's help.
      if let neighbour = routers[router].children[destination] {
        return passOn(flight, at: node, to: neighbour)
      }
      if let reason = routers[router].firewall?.refuses(flight.bytes.span, from: side, at: time) {
        return drop(flight, at: node, side, .firewall(reason))
      }
    }
    let before = isTracing ? flight.bytes : []
    let mappingCount = routers[router].recorded.count
    var bytes = flight.takeBytes()
    var span = bytes.mutableSpan
    // Not copied out: the table would be copied with it.
    let verdict = routers[router].nat!.received(&span, from: side, at: time)
    if isTracing { recordExpired(router, before: mappingCount, verdict) }
    // A UDP packet through a mapping that was there only lets it live longer: the timer that is set
    // will do, and asking a table for its deadline costs as much as a look-up.
    var setsTimer = true
    switch verdict {
    case .forward(to: let target, let makesMapping):
      setsTimer = makesMapping || !isUDP || target == side
      forward(
        flight.packet, bytes, before: Trace.Passage(bytes: before, side: side), to: target,
        by: router)
    case .drop(let reason):
      flight.bytes = isTracing ? before : bytes
      drop(flight, at: node, side, .router(reason))
      // A packet that its own host's filter drops has made or refreshed a mapping before.
      if isTracing, side == .inside {
        recordExpired(router)
        recordAllChanges(router)
      }
    case .answered: consume(flight, before, side, .answered, at: node)
    case .fragmented:
      consume(flight, before, side, .fragmented, at: node)
      if isTracing { recordAllChanges(router) }
    case .queued: consume(flight, before, side, .queued, at: node)
    }
    performActions(ofRouter: router, setsTimer: setsTimer)
  }

  /// Passes on what the NAT has translated.
  private mutating func forward(
    _ packet: PacketID, _ bytes: consuming [UInt8], before: Trace.Passage,
    to target: NATRouter.Side, by router: Int
  ) {
    let node = routers[router].node
    if isTracing { recordChanges(router, before, Trace.Passage(bytes: copy bytes, side: target)) }
    if before.side == .outside,
      let reason = routers[router].firewall?.refuses(bytes.span, from: .outside, at: time)
    {
      if isTracing { trace.record(.dropped(packet, before, .firewall(reason)), at: node, time) }
      return
    }
    let next =
      target == .outside
      ? parent(of: node) : routers[router].children[bytes.span.addressV4(at: 16)]
    guard let next else {
      if isTracing { trace.record(.dropped(packet, before, .noHost), at: node, time) }
      return
    }
    if isTracing {
      let after = Trace.Passage(bytes: copy bytes, side: target)
      trace.record(.forwarded(packet, before: before, after: after), at: node, time)
    }
    transmit(packet, bytes, from: node, to: next)
  }

  /// A packet between two hosts of one network, which no router looks at.
  mutating func passOn(
    _ flight: consuming EventQueue.Flight, at node: NodeID, to next: NodeID
  ) {
    let passage = Trace.Passage(bytes: flight.takeBytes(), side: .inside)
    if isTracing {
      trace.record(.forwarded(flight.packet, before: passage, after: passage), at: node, time)
    }
    transmit(flight.packet, passage.bytes, from: node, to: next)
  }

  mutating func natTimerFired(_ router: Int) {
    routers[router].timer = nil
    if routers[router].nat64 != nil {
      routers[router].nat64!.expire(at: time)
      if isTracing { recordExpired(router) }
      performActions(ofNAT64: router)
    } else {
      routers[router].nat!.timerFired(at: time)
      if isTracing { recordExpired(router) }
      performActions(ofRouter: router)
    }
  }

  /// Sends what the router sends by itself, and sets its timer.
  private mutating func performActions(ofRouter router: Int, setsTimer: Bool = true) {
    let node = routers[router].node
    while case .send(let outgoing) = routers[router].nat!.nextAction() {
      let next =
        outgoing.side == .outside
        ? parent(of: node)
        : routers[router].children[outgoing.bytes.span.addressV4(at: 16)]
      // An ICMP error to a source that no host has is sent to nobody.
      if let next { send(outgoing.bytes, by: node, to: next) }
    }
    if !setsTimer, routers[router].timer != nil { return }
    guard let deadline = routers[router].nat!.nextDeadline else { return }
    if let timer = routers[router].timer, timer <= deadline { return }
    routers[router].timer = deadline
    queue.add(.natTimer(router: router), at: max(deadline, time))
  }

  // MARK: - Both

  /// Sends a packet of a router's own.
  mutating func send(_ bytes: [UInt8], by node: NodeID, to next: NodeID) {
    let packet = nextPacketID()
    if isTracing { trace.record(.sent(packet, bytes, side(of: next, at: node)), at: node, time) }
    transmit(packet, bytes, from: node, to: next)
  }

  mutating func drop(
    _ flight: borrowing EventQueue.Flight, at node: NodeID, _ side: NATRouter.Side,
    _ reason: DropReason
  ) {
    guard isTracing else { return }
    trace.record(
      .dropped(flight.packet, .init(bytes: flight.bytes, side: side), reason), at: node, time)
  }

  mutating func consume(
    _ flight: borrowing EventQueue.Flight, _ bytes: [UInt8], _ side: NATRouter.Side,
    _ consumption: Trace.Consumption, at node: NodeID
  ) {
    guard isTracing else { return }
    trace.record(
      .consumed(flight.packet, .init(bytes: bytes, side: side), consumption), at: node, time)
  }

  /// The side of a router on which a neighbour is.
  func side(of neighbour: NodeID, at node: NodeID) -> NATRouter.Side {
    parent(of: node) == neighbour ? .outside : .inside
  }

  /// The address from which a router sends by itself.
  func gateway(of router: Int, isV6: Bool) -> IPAddress {
    // Of routers without an IPv6 address none is on the way of an IPv6 packet.
    guard isV6, let address = routers[router].gateway6 else { return .v4(routers[router].gateway) }
    return .v6(address)
  }

  /// The router above; nil for the Internet.
  func parent(of node: NodeID) -> NodeID? {
    node == .internet ? nil : nodes[node.index].parent
  }
}

extension EventQueue.Flight {
  /// Takes the bytes out, so that they have one owner and are translated in place.
  mutating func takeBytes() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    return taken
  }
}
