import IPPacket
import NATTable
import Router
import SansIO
import TransportAddress

/// Routers with a NAT64, and the networks of IPv6 alone behind them (RFC 6146).
///
///     phone 2001:db8:1::2 ──▶ to 64:ff9b::203.0.113.9 ──▶ NAT64 ──▶ from 198.51.100.1 to 203.0.113.9
///
/// What is for IPv6 passes untranslated. Its hosts choose their addresses themselves (RFC 4862), so
/// that there are no leases.
extension Network {
  // MARK: - Drawing

  /// Draws a router with a NAT64.
  mutating func addNAT64(
    _ plan: RouterPlan, _ prefix: EmbeddedIPv4Prefix
  ) throws(DrawingError) -> RouterID {
    try check(plan.name, plan.link)
    let parent = plan.parent?.index ?? 0
    // IPv4 has to be the Internet's.
    guard parent == 0 else { throw .firewallBehindRouter(plan.name) }
    var external = plan.external
    if external.isEmpty { external = [try freeAddress(behind: parent)] }
    for address in external { try check(address, behind: parent) }
    let id = RouterID(node: NodeID(nodes.count), index: routers.count)
    let gateway = try insideGateway6(of: plan, behind: parent)
    insideCount += 1
    var state = RouterState(node: id.node, gateway: external[0], inside: nil)
    state.gateway6 = gateway
    state.nat64 = NAT64(
      plan.nat ?? .nat64, prefix: prefix, external: external, randomSeed: generator.next())
    state.nat64!.translator.ipv4MTU = plan.link.mtu
    if plan.firewall != .open { state.firewall = Firewall(plan.firewall) }
    routers.append(state)
    add(
      Trace.Node(
        name: plan.name, kind: .nat, parent: routers[parent].node,
        address: external.first.map { .v4($0) }, address6: nil, gateway: .v6(gateway),
        nat: plan.nat ?? .nat64),
      .router(id.index), plan.link, external.map { .v4($0) }, behind: parent)
    announce(gateway, of: id.node)
    return id
  }

  // MARK: - Packets

  /// Takes a packet through a router with a NAT64.
  mutating func translate64(_ place: Int, by router: Int) {
    let node = routers[router].node
    let sender = flights[place].sender
    let side = side(of: sender, at: node)
    let before = passage(place, side)
    let isV6 = before.bytes[0] >> 4 == 6
    if isV6 {
      let destination = before.bytes.span.addressV6(at: 24)
      // Hosts of one network reach each other without the router's help.
      if side == .inside, let neighbor = routers[router].children6[destination] {
        return passOn(place, at: node, to: neighbor)
      }
      if destination == routers[router].gateway6 { return answer(place, by: router, side) }
      if side == .outside || routers[router].nat64!.prefix.host(in: destination) == nil {
        return route(place, by: router)
      }
      if let reason = routers[router].firewall?.refuses(before.bytes, from: side, at: time) {
        return drop(place, before, .firewall(reason), at: node)
      }
    }
    var bytes = before.bytes
    // An IPv6 header with a Fragment header is 28 bytes longer than an IPv4 header, and in an ICMP
    // error there are two headers, and perhaps padding before extensions (RFC 7915 §4.2).
    var output = [UInt8](repeating: 0, count: bytes.count + 256)
    var outputSpan = output.mutableSpan
    let verdict: NAT64.ByteVerdict
    if side == .inside {
      var span = bytes.mutableSpan
      verdict = routers[router].nat64!.outbound(&span, into: &outputSpan, at: time)
    } else {
      verdict = routers[router].nat64!.inbound(bytes.span, into: &outputSpan, at: time)
    }
    if isTracing {
      recordExpired(router)
      recordAllChanges(router)
    }
    switch verdict {
    case .forward(let translated):
      let after = Trace.Passage(
        bytes: Array(output.prefix(translated.length)), side: translated.isV6 ? .inside : .outside)
      forward(place, before, after, translated.fragmentation, by: router)
    case .drop(let reason):
      drop(place, before, .nat64(reason), at: node)
      if let error = NAT64.answer(to: reason, fromInside: side == .inside)?.packet(
        about: before.bytes.span, from: gateway(of: router, isV6: isV6))
      {
        send(error, by: node, to: sender)
      }
    case .hold(let token):
      routers[router].held[token, default: []].append(flights[place])
      consume(place, before, .queued, at: node)
    }
    performActions(ofNAT64: router)
  }

  /// Passes on what the NAT64 has translated, in fragments where it is too long.
  private mutating func forward(
    _ place: Int, _ before: Trace.Passage, _ after: Trace.Passage, _ fragmentation: Fragmentation?,
    by router: Int
  ) {
    let node = routers[router].node
    if before.side == .outside,
      let reason = routers[router].firewall?.refuses(after.bytes, from: .outside, at: time)
    {
      return drop(place, before, .firewall(reason), at: node)
    }
    let next =
      after.side == .outside
      ? parent(of: node) : routers[router].children6[after.bytes.span.addressV6(at: 24)]
    guard let next else { return drop(place, before, .noHost, at: node) }
    if let fragmentation {
      consume(place, before, .fragmented, at: node)
      for fragment in fragmentation.fragments(of: after.bytes.span) {
        send(fragment, by: node, to: next)
      }
      return
    }
    if isTracing {
      trace.record(
        .forwarded(flights[place].packet, before: before, after: after), at: node, time)
    }
    flights[place].bytes = after.bytes
    transmit(place, from: node, to: next)
  }

  /// Does what the NAT64 wants done besides forwarding, and sets its timer.
  mutating func performActions(ofNAT64 router: Int) {
    let node = routers[router].node
    while let action = routers[router].nat64!.nextAction() {
      switch action {
      case .send(let packet):
        if let next = parent(of: node) { send(packet.bytes(), by: node, to: next) }
      case .discard(let token): routers[router].held[token] = nil
      case .offerAgain(let token):
        for flight in routers[router].held.removeValue(forKey: token) ?? [] {
          translate64(resumeFlight(flight), by: router)
        }
      }
    }
    guard let deadline = routers[router].nat64!.nextDeadline else { return }
    if let timer = routers[router].timer, timer <= deadline { return }
    routers[router].timer = deadline
    queue.add(.natTimer(router: router), at: max(deadline, time))
  }
}
