import IPPacket
import NATTable
import Router
import TransportAddress

/// Networks with IPv6, which no router translates (RFC 8504, RFC 6092).
///
///     alice 10.0.0.2        ──▶ NAT      ──▶ from 198.51.100.1
///     alice 2001:db8:1::2   ──▶ firewall ──▶ from 2001:db8:1::2
///
/// Every network behind a router has a prefix of 64 bits of its own, to which all routers above it know
/// the way.
extension Network {
  /// The first half of addresses for documentation (RFC 3849).
  static let documentationPrefix: UInt64 = 0x2001_0DB8 << 32

  // MARK: - Drawing

  /// The address of a router in the IPv6 network that it gets: 2001:db8:1::1, 2001:db8:2::1, …
  func insideGateway6(of plan: RouterPlan, behind parent: Int) throws(DrawingError) -> IPv6Address {
    guard routers[parent].gateway6 != nil else {
      throw .noIPv6(plan.name, network: trace.nodes[routers[parent].node.index].name)
    }
    guard let wanted = plan.gateway6 else {
      var number = UInt64(insideCount)
      var network: UInt64
      repeat {
        number += 1
        network = Self.documentationPrefix | number << 16
      } while routers[0].networks6[network] != nil
      return IPv6Address(high: network, low: 1)
    }
    // Each network is one of the Internet's, whatever is between.
    guard Self.isRouted(.v6(wanted)), wanted.high != routers[0].gateway6?.high else {
      throw .addressOutside(.v6(wanted), network: trace.nodes[0].name)
    }
    guard routers[0].networks6[wanted.high] == nil else { throw .addressTaken(.v6(wanted)) }
    return wanted
  }

  /// Makes the routers above a router know the way to its IPv6 network.
  mutating func announce(_ gateway: IPv6Address, of router: NodeID) {
    var node = router
    while node != .internet {
      let above = routerIndex(above: node)
      routers[above].networks6[gateway.high] = node
      node = routers[above].node
    }
  }

  // MARK: - Packets

  /// Takes an IPv6 packet through a router whose NAT translates IPv4 alone.
  mutating func routeV6(_ place: Int, by router: Int) {
    let node = routers[router].node
    let side = side(of: flights[place].sender, at: node)
    guard let gateway = routers[router].gateway6 else {
      return drop(place, passage(place, side), .noIPv6, at: node)
    }
    let destination = flights[place].destinationV6
    // Hosts of one network reach each other without the router's help.
    if side == .inside, let neighbor = routers[router].children6[destination] {
      return passOn(place, at: node, to: neighbor)
    }
    if destination == gateway { return answer(place, by: router, side) }
    route(place, by: router)
  }

  /// Why the firewall of a router that translates nothing drops a packet; nil if it may pass.
  @inline(__always)
  mutating func firewallReason(
    _ place: Int, by router: Int, _ side: NATRouter.Side, isV6: Bool
  ) -> Firewall.Reason? {
    if isV6, routers[router].firewall6 != nil {
      return routers[router].firewall6?.refuses(flights[place].bytes, from: side, at: time)
    }
    return firewallRefuses(place, at: router, from: side)
  }

  /// The router is asked itself: it answers echo requests, and nothing else.
  mutating func answer(_ place: Int, by router: Int, _ side: NATRouter.Side) {
    let node = routers[router].node
    let sender = flights[place].sender
    let before = passage(place, side)
    var reply = [UInt8](repeating: 0, count: before.bytes.count)
    var output = reply.mutableSpan
    guard let length = EchoReply.write(to: before.bytes.span, into: &output) else {
      return drop(place, before, .router(.forTheRouter), at: node)
    }
    consume(place, before, .answered, at: node)
    send(Array(reply.prefix(length)), by: node, to: sender)
  }
}
