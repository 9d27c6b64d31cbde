import IPPacket
import NATTable
public import TransportAddress

/// Which addresses hosts have, and how they address others.
///
/// On the Internet and behind a NAT a host has an IPv4 address, on the Internet perhaps an IPv6 address
/// beside it, and behind a router with IPv6 certainly, unless it is to have one family alone; behind a
/// NAT64 it has IPv6 alone.
extension Network {
  /// The addresses that a host gets.
  ///
  /// - Parameter own: the interface that is to have them, whose addresses of before are free for it.
  mutating func addresses(
    for plan: HostPlan, behind parent: Int, besides own: NodeID? = nil
  ) throws(DrawingError) -> HostAddresses {
    let families = try families(of: plan, behind: parent)
    var addresses = HostAddresses()
    if families.contains(.ipv4) {
      let address = if let wanted = plan.address { wanted } else { try freeAddress(behind: parent) }
      try check(address, behind: parent, besides: own)
      addresses.v4 = address
    }
    if families.contains(.ipv6) {
      let address = plan.address6 ?? freeAddress6(behind: parent)
      try check(address, behind: parent, besides: own)
      addresses.v6 = address
    }
    return addresses
  }

  /// The families of which a host gets addresses.
  private func families(
    of plan: HostPlan, behind parent: Int
  ) throws(DrawingError) -> Set<AddressFamily> {
    let router = routers[parent]
    let name = trace.nodes[router.node.index].name
    // The Internet has both, and its hosts IPv4 unless they ask for more.
    let usual: Set<AddressFamily> =
      if parent == 0 {
        plan.address6 == nil ? [.ipv4] : [.ipv4, .ipv6]
      } else if router.nat64 != nil {
        [.ipv6]
      } else {
        router.gateway6 == nil ? [.ipv4] : [.ipv4, .ipv6]
      }
    let families = plan.families ?? usual
    let wantsIPv4 = families.contains(.ipv4) || plan.address != nil
    if router.nat64 != nil, wantsIPv4 { throw .ipv6Only(plan.name, network: name) }
    let wantsIPv6 = families.contains(.ipv6) || plan.address6 != nil
    if router.gateway6 == nil, wantsIPv6 { throw .noIPv6(plan.name, network: name) }
    guard !families.isEmpty, wantsIPv4 == families.contains(.ipv4),
      wantsIPv6 == families.contains(.ipv6)
    else { throw .families(plan.name) }
    return families
  }

  /// Whether a node with IPv4 can be behind a router.
  func checkIPv4(of name: String, behind parent: Int) throws(DrawingError) {
    guard routers[parent].nat64 != nil else { return }
    throw .ipv6Only(name, network: trace.nodes[routers[parent].node.index].name)
  }

  /// Whether a node behind a router can have an IPv6 address.
  private func check(
    _ address: IPv6Address, behind parent: Int, besides own: NodeID?
  ) throws(DrawingError) {
    let router = routers[parent]
    let fits =
      parent == 0
      ? Self.isRouted(.v6(address)) && router.networks6[address.high] == nil
      : address.high == router.gateway6?.high
    guard fits else {
      throw .addressOutside(.v6(address), network: trace.nodes[router.node.index].name)
    }
    let owner = router.children6[address]
    if owner != nil && owner != own || address == router.gateway6 {
      throw .addressTaken(.v6(address))
    }
  }

  /// The next IPv6 address behind a router; 2⁶⁴ are enough.
  private mutating func freeAddress6(behind parent: Int) -> IPv6Address {
    let prefix = routers[parent].gateway6?.high ?? 0
    var address: IPv6Address
    repeat {
      routers[parent].nextAddress6 += 1
      address = IPv6Address(high: prefix, low: routers[parent].nextAddress6)
    } while routers[parent].children6[address] != nil
    return address
  }

  /// How a host addresses an endpoint: as it is, or, if the host has IPv6 alone and the endpoint IPv4,
  /// by the prefix of its NAT64. It is what DNS64 tells it (RFC 6147), or its own synthesis (RFC 8305
  /// §7.1).
  public func endpoint(_ endpoint: TransportAddress, asReachedFrom host: HostID) -> TransportAddress
  {
    if address(of: host) != nil { return endpoint }
    let ways = interfaces(of: host).map { self.endpoint(endpoint, asReachedFrom: $0) }
    return ways.first { $0 != endpoint } ?? endpoint
  }

  /// How a host addresses an endpoint from a socket that is bound to an interface.
  public func endpoint(
    _ endpoint: TransportAddress, asReachedFrom interface: InterfaceID
  ) -> TransportAddress {
    guard case .v4(let address) = endpoint.address, self.address(of: interface) == nil,
      isConnected(interface),
      let prefix = routers[routerIndex(above: interface.node)].nat64?.prefix
    else { return endpoint }
    return TransportAddress(.v6(prefix.address(for: address)), port: endpoint.port)
  }
}

extension Span<UInt8> {
  func addressV6(at offset: Int) -> IPv6Address {
    guard case .v6(let address) = address(at: offset, isV6: true) else {
      preconditionFailure("an address was read as IPv6")
    }
    return address
  }
}
