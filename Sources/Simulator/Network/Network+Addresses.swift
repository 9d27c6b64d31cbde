import IPPacket
import NATTable
public import TransportAddress

/// Which addresses hosts have, and how they address others.
///
/// On the Internet and behind a NAT a host has an IPv4 address, on the Internet perhaps an IPv6 address
/// beside it; behind a NAT64 it has IPv6 alone.
extension Network {
  /// The addresses that a host gets.
  mutating func addresses(
    for plan: HostPlan, behind parent: Int
  ) throws(DrawingError) -> HostAddresses {
    var addresses = HostAddresses()
    if routers[parent].nat64 == nil {
      let address = if let wanted = plan.address { wanted } else { try freeAddress(behind: parent) }
      try check(address, behind: parent)
      addresses.v4 = address
    } else if plan.address != nil {
      try checkIPv4(of: plan.name, behind: parent)
    }
    if let wanted = plan.address6 {
      addresses.v6 = wanted
    } else if routers[parent].nat64 != nil {
      addresses.v6 = freeAddress6(behind: parent)
    }
    if let address = addresses.v6 { try check(address, behind: parent) }
    return addresses
  }

  /// Whether a node with IPv4 can be behind a router.
  func checkIPv4(of name: String, behind parent: Int) throws(DrawingError) {
    guard routers[parent].nat64 != nil else { return }
    throw .ipv6Only(name, network: trace.nodes[routers[parent].node.index].name)
  }

  /// Whether a node behind a router can have an IPv6 address.
  private func check(_ address: IPv6Address, behind parent: Int) throws(DrawingError) {
    let router = routers[parent]
    let fits =
      parent == 0
      ? Self.isRouted(.v6(address)) && router.networks6[address.high] == nil
      : router.nat64 != nil && address.high == router.gateway6?.high
    guard fits else {
      throw .addressOutside(.v6(address), network: trace.nodes[router.node.index].name)
    }
    if router.children6[address] != nil || address == router.gateway6 {
      throw .addressTaken(.v6(address))
    }
  }

  /// The next address behind a NAT64; 2⁶⁴ are enough.
  private mutating func freeAddress6(behind parent: Int) -> IPv6Address {
    let prefix = routers[parent].gateway6?.high ?? 0
    var address: IPv6Address
    repeat {
      routers[parent].nextAddress += 1
      address = IPv6Address(high: prefix, low: UInt64(routers[parent].nextAddress))
    } while routers[parent].children6[address] != nil
    return address
  }

  /// How a host addresses an endpoint: as it is, or, if the host has IPv6 alone and the endpoint IPv4,
  /// by the prefix of its NAT64. It is what DNS64 tells it (RFC 6147), or its own synthesis (RFC 8305
  /// §7.1).
  public func endpoint(_ endpoint: TransportAddress, asReachedFrom host: HostID) -> TransportAddress
  {
    guard case .v4(let address) = endpoint.address, hosts[host.index].addresses.v4 == nil,
      case .router(let router) = nodes[nodes[host.node.index].parent.index].role,
      let prefix = routers[router].nat64?.prefix
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
