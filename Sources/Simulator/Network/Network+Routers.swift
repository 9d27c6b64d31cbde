import IPPacket
import NATTable
import Router
import SansIO
import TransportAddress

/// How packets go through routers.
extension Network {
  // MARK: - Without a NAT: the Internet, and firewalls

  /// Routes a packet without translating it (RFC 1812 §5.2).
  mutating func route(_ place: Int, by router: Int) {
    let node = routers[router].node
    let sender = flights[place].sender
    let side = side(of: sender, at: node)
    let isV6 = flights[place].isV6
    let child =
      isV6
      ? routers[router].child(for: flights[place].destinationV6)
      : routers[router].child(for: flights[place].destinationV4)
    if let reason = firewallReason(place, by: router, side, isV6: isV6) {
      return drop(place, passage(place, side), .firewall(reason), at: node)
    }
    guard let next = child ?? parent(of: node), next != sender else {
      let destination: IPAddress =
        isV6 ? .v6(flights[place].destinationV6) : .v4(flights[place].destinationV4)
      let reason: DropReason = Self.isRouted(destination) ? .noHost : .notRouted
      return drop(place, passage(place, side), reason, at: node)
    }
    let mtu = nodes[child == nil ? node.index : next.index].link.mtu
    if flights[place].bytes.count > mtu {
      switch flights[place].fit(mtu) {
      case .fits: break
      case .tooBig(let error): return refuse(place, by: router, side, .tooLarge, telling: error)
      case .fragment(let fragmentation):
        return fragment(place, fragmentation, from: node, side, to: next)
      }
    }
    let before = isTracing ? flights[place].bytes : []
    var span = flights[place].bytes.mutableSpan
    guard HopLimit.decrement(&span) else {
      return refuse(
        place, by: router, side, .timeExceeded, telling: .timeExceeded(isV6: isV6))
    }
    if isTracing {
      trace.record(
        .forwarded(
          flights[place].packet, before: .init(bytes: before, side: side),
          after: passage(place, child == nil ? .outside : .inside)),
        at: node, time)
    }
    transmit(place, from: node, to: next)
  }

  /// Drops a packet that cannot go on, and tells its sender (RFC 1812 §5.3.1, §5.3.7).
  private mutating func refuse(
    _ place: Int, by router: Int, _ side: NATRouter.Side, _ reason: DropReason,
    telling error: ICMPErrorMessage
  ) {
    let node = routers[router].node
    let before = passage(place, side)
    let (sender, isV6) = (flights[place].sender, flights[place].isV6)
    drop(place, before, reason, at: node)
    if let packet = error.packet(about: before.bytes.span, from: gateway(of: router, isV6: isV6)) {
      send(packet, by: node, to: sender)
    }
  }

  private mutating func fragment(
    _ place: Int, _ fragmentation: Fragmentation, from node: NodeID, _ side: NATRouter.Side,
    to next: NodeID
  ) {
    let before = passage(place, side)
    consume(place, before, .fragmented, at: node)
    for var fragment in fragmentation.fragments(of: before.bytes.span) {
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
  mutating func translate(_ place: Int, by router: Int) {
    if flights[place].isV6 { return routeV6(place, by: router) }
    let node = routers[router].node
    let side = side(of: flights[place].sender, at: node)
    let destination = flights[place].destinationV4
    let isUDP = flights[place].bytes[9] == TransportProtocol.udp.rawValue
    if side == .inside {
      // Hosts of one network reach each other without the router's help.
      if let neighbour = routers[router].children[destination] {
        return passOn(place, at: node, to: neighbour)
      }
      if let reason = firewallRefuses(place, at: router, from: side) {
        return drop(place, passage(place, side), .firewall(reason), at: node)
      }
    }
    let before = Trace.Passage(bytes: isTracing ? flights[place].bytes : [], side: side)
    let mappingCount = routers[router].recorded.count
    var span = flights[place].bytes.mutableSpan
    // Not copied out: the table would be copied with it.
    let verdict = routers[router].nat!.received(&span, from: side, at: time)
    if isTracing { recordExpired(router, before: mappingCount, verdict) }
    // A UDP packet through a mapping that was there only lets it live longer: the timer that is set
    // will do, and asking a table for its deadline costs as much as a look-up.
    var setsTimer = true
    switch verdict {
    case .forward(to: let target, let makesMapping):
      setsTimer = makesMapping || !isUDP || target == side
      forward(place, before, to: target, by: router)
    case .drop(let reason):
      drop(place, before, .router(reason), at: node)
      // A packet that its own host's filter drops has made or refreshed a mapping before.
      if isTracing, side == .inside {
        recordExpired(router)
        recordAllChanges(router)
      }
    case .answered: consume(place, before, .answered, at: node)
    case .fragmented:
      consume(place, before, .fragmented, at: node)
      if isTracing { recordAllChanges(router) }
    case .queued: consume(place, before, .queued, at: node)
    }
    performActions(ofRouter: router, setsTimer: setsTimer)
  }

  /// Passes on what the NAT has translated.
  private mutating func forward(
    _ place: Int, _ before: Trace.Passage, to target: NATRouter.Side, by router: Int
  ) {
    let node = routers[router].node
    if isTracing { recordChanges(router, before, passage(place, target)) }
    if before.side == .outside, let reason = firewallRefuses(place, at: router, from: .outside) {
      return drop(place, before, .firewall(reason), at: node)
    }
    let next =
      target == .outside
      ? parent(of: node)
      : routers[router].children[flights[place].destinationV4]
    guard let next else { return drop(place, before, .noHost, at: node) }
    if isTracing {
      let after = passage(place, target)
      trace.record(
        .forwarded(flights[place].packet, before: before, after: after), at: node, time)
    }
    transmit(place, from: node, to: next)
  }

  /// A packet between two hosts of one network, which no router looks at.
  mutating func passOn(_ place: Int, at node: NodeID, to next: NodeID) {
    if isTracing {
      let passage = passage(place, .inside)
      trace.record(
        .forwarded(flights[place].packet, before: passage, after: passage), at: node, time)
    }
    transmit(place, from: node, to: next)
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
  mutating func send(_ bytes: consuming [UInt8], by node: NodeID, to next: NodeID) {
    let place = newFlight(bytes)
    if isTracing {
      trace.record(
        .sent(flights[place].packet, flights[place].bytes, side(of: next, at: node)), at: node,
        time)
    }
    transmit(place, from: node, to: next)
  }

  /// Why the firewall of a router drops a packet; nil if it may pass, or if there is no firewall.
  @inline(__always)
  mutating func firewallRefuses(
    _ place: Int, at router: Int, from side: NATRouter.Side
  ) -> Firewall.Reason? {
    // Nearly all routers have none, and are not reached for as if they were to be changed.
    if routers[router].firewall == nil { return nil }
    return routers[router].firewall?.refuses(flights[place].bytes, from: side, at: time)
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
