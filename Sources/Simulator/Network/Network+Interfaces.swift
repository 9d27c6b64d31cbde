import NATTable
import SansIO
public import TransportAddress

/// Hosts with several interfaces: by which of them a packet leaves.
///
///                     the Internet
///            ┌─────────────┴──────────────┐
///          home                         cell
///            └────────── phone ───────────┘
///             10.0.0.2 (phone)     100.64.0.2 (phone/cell)
extension Network {
  // MARK: - What there is

  /// The interfaces of a host, in the order of drawing; the first is the one that it was drawn with.
  public func interfaces(of host: HostID) -> [InterfaceID] {
    hosts[host.index].interfaces.map { InterfaceID(node: $0.node, host: host) }
  }

  /// The interface of a host with a name of its own, `cell` in `phone/cell`; nil if there is none.
  public func interface(named name: String, of host: HostID) -> InterfaceID? {
    let node = node(named: "\(trace.nodes[host.node.index].name)/\(name)")
    return interfaces(of: host).first { $0.node == node }
  }

  /// Whether an interface is in a network.
  public func isConnected(_ interface: InterfaceID) -> Bool {
    nodes[interface.node.index].isLinked
  }

  /// Whether an interface of a host is in a network.
  public func isConnected(_ host: HostID) -> Bool {
    interfaces(of: host).contains { isConnected($0) }
  }

  /// The IPv4 address of an interface; nil while it is in no network, or in one that has IPv6 alone.
  public func address(of interface: InterfaceID) -> IPv4Address? {
    isConnected(interface) ? state(of: interface).addresses.v4 : nil
  }

  /// The IPv6 address of an interface; nil if it has none, or while it is in no network.
  public func address6(of interface: InterfaceID) -> IPv6Address? {
    isConnected(interface) ? state(of: interface).addresses.v6 : nil
  }

  /// The first IPv4 address of a host; nil while it is in no network, or in such as have IPv6 alone.
  public func address(of host: HostID) -> IPv4Address? {
    interfaces(of: host).lazy.compactMap { address(of: $0) }.first
  }

  /// The first IPv6 address of a host; nil if it has none, or while it is in no network.
  public func address6(of host: HostID) -> IPv6Address? {
    interfaces(of: host).lazy.compactMap { address6(of: $0) }.first
  }

  func state(of interface: InterfaceID) -> Interface {
    let host = hosts[interface.host.index]
    return host.interfaces[host.interface(at: interface.node)]
  }

  // MARK: - Routes

  /// The interface by which a host sends to an address, and the address that it sends from.
  ///
  /// - Parameter bound: the address that the socket is bound to; nil for any.
  /// - Returns: nil if the host has no address of the destination's family, or not the one that the
  ///   socket is bound to.
  // This mutates so that it works where the network stands, which would be copied first, queue and all.
  mutating func route(
    from host: Int, to destination: IPAddress, boundTo bound: IPAddress? = nil
  ) -> (node: NodeID, source: IPAddress)? {
    if let bound {
      guard bound.isV6 == destination.isV6,
        let interface = hosts[host].interfaces.first(where: {
          $0.addresses.contains(bound) && nodes[$0.node.index].isLinked
        })
      else { return nil }
      return (interface.node, bound)
    }
    var number = 0
    if hosts[host].interfaces.count > 1 { number = self.number(from: host, to: destination) }
    return hosts[host].interfaces[number].addresses.source(for: destination).map {
      (hosts[host].interfaces[number].node, $0)
    }
  }

  /// The number of the interface to an address: one in whose network the address is, or else the first
  /// that is in any (RFC 1122 §3.3.1.1).
  private mutating func number(from host: Int, to destination: IPAddress) -> Int {
    var first: Int?
    for (number, interface) in hosts[host].interfaces.enumerated() {
      guard nodes[interface.node.index].isLinked,
        interface.addresses.source(for: destination) != nil
      else { continue }
      if isNeighbor(destination, of: interface) { return number }
      first = first ?? number
    }
    // What is sent without a network is lost on the link that is gone.
    return first ?? 0
  }

  /// Whether an address is in the network of an interface; the Internet is no such network.
  private func isNeighbor(_ address: IPAddress, of interface: Interface) -> Bool {
    let router = routers[routerIndex(above: interface.node)]
    switch address {
    case .v4(let address): return router.inside?.contains(address) ?? false
    case .v6(let address):
      return router.node != .internet && router.gateway6?.high == address.high
    }
  }

  /// The address from which unbound sockets of a host send; nil while it is in no network.
  func primaryAddress(of host: Int) -> IPAddress? {
    hosts[host].interfaces.first { nodes[$0.node.index].isLinked }?.addresses.primary
  }

  func routerIndex(above node: NodeID) -> Int {
    guard case .router(let index) = nodes[nodes[node.index].parent.index].role else {
      preconditionFailure("above each node is a router")
    }
    return index
  }

  // MARK: - Changes

  /// Tells the programs of a host that its addresses have changed.
  ///
  /// - Parameter before: what the primary address was.
  mutating func tellAddresses(of host: Int, before: IPAddress?) {
    let primary = primaryAddress(of: host)
    let all = linkedAddresses(of: host)
    for program in hosts[host].programs.indices
    where hosts[host].programs[program].hasStarted {
      if primary != before {
        hosts[host].programs[program].endpoint.addressChanged(
          to: primary, at: time, using: &generator)
        performActions(host: host, program: program)
      }
      hosts[host].programs[program].endpoint.addressesChanged(
        to: all, at: time, using: &generator)
      performActions(host: host, program: program)
    }
    if hosts[host].streams.hasOutput { settleStreams(host: host) }
  }

  /// The addresses of the interfaces that are in a network.
  func linkedAddresses(of host: Int) -> [IPAddress] {
    hosts[host].interfaces.filter { nodes[$0.node.index].isLinked }.flatMap(\.addresses.all)
  }

  /// Notes what the links of a host take: a segment fits each of them.
  mutating func limitSegments(of host: Int) {
    let mtus = hosts[host].interfaces.filter { nodes[$0.node.index].isLinked }
      .map { $0.addresses.streamMTU(nodes[$0.node.index].link.mtu) }
    if let mtu = mtus.min() { hosts[host].streams.limitSegments(mtu: mtu) }
  }
}
