import Router
public import SansIO
public import TransportAddress

/// Networks that change while they run: an interface of a host leaves one and comes to another.
///
/// What was on its way to the interface is lost with the link; what it has sent goes on. The trace keeps
/// the nodes as they were drawn, and has the change as a report of the interface.
extension Network {
  /// Takes the interface that a host was drawn with off its network.
  public mutating func disconnect(_ host: HostID) { disconnect(host.interface) }

  /// Takes an interface off its network: it is gone, and its addresses with it.
  ///
  /// The TCP connections from there end, and the host's programs are told. Nothing happens if it is in
  /// no network.
  public mutating func disconnect(_ interface: InterfaceID) {
    let (node, host) = (interface.node, interface.host.index)
    guard nodes[node.index].isLinked else { return }
    let parent = routerIndex(above: node)
    let before = primaryAddress(of: host)
    let state = state(of: interface)
    if let address = state.addresses.v4 {
      routers[parent].children[address] = nil
      routers[parent].leases.leave(address, node, since: state.arrival, at: time)
    }
    if let address = state.addresses.v6 { routers[parent].children6[address] = nil }
    nodes[node.index].isLinked = false
    report("off the network of \(trace.nodes[routers[parent].node.index].name)", node)
    hosts[host].streams.end(at: state.addresses)
    tellAddresses(of: host, before: before)
  }

  /// Connects the interface that a host was drawn with to a network, see
  /// ``connect(_:behind:at:ipv6:link:)-(InterfaceID,_,_,_,_)``.
  public mutating func connect(
    _ host: HostID, behind router: RouterID? = nil, at address: IPv4Address? = nil,
    ipv6 address6: IPv6Address? = nil, link: Link = .cable
  ) {
    connect(host.interface, behind: router, at: address, ipv6: address6, link: link)
  }

  /// Connects an interface to a network, after it was taken off another if it was there: it gets an
  /// address that the router gives it, and the host's programs are told.
  ///
  /// - Precondition: the addresses, if any are asked for, and the link are possible there, see
  ///   ``add(_:)-(HostPlan)``.
  public mutating func connect(
    _ interface: InterfaceID, behind router: RouterID? = nil, at address: IPv4Address? = nil,
    ipv6 address6: IPv6Address? = nil, link: Link = .cable
  ) {
    var plan = HostPlan("")
    plan.parent = router
    (plan.address, plan.address6) = (address, address6)
    plan.link = link
    drawn { network throws(DrawingError) in try network.tryConnecting(interface, as: plan) }
  }

  /// Connects the interface that a host was drawn with to a network.
  ///
  /// - Throws: ``DrawingError``; the host stays where it is then.
  public mutating func tryConnecting(
    _ host: HostID, behind router: RouterID?, at wanted: IPv4Address?, link: Link
  ) throws(DrawingError) {
    var plan = HostPlan("")
    plan.parent = router
    plan.address = wanted
    plan.link = link
    try tryConnecting(host.interface, as: plan)
  }

  /// Connects an interface to a network.
  ///
  /// - Parameter plan: where it is to be, whatever its name; without families it has those that it had
  ///   before, as far as it was told.
  /// - Throws: ``DrawingError``; the interface stays where it is then.
  public mutating func tryConnecting(
    _ interface: InterfaceID, as plan: HostPlan
  ) throws(DrawingError) {
    let (node, host, link) = (interface.node, interface.host.index, plan.link)
    if let problem = link.problem { throw .link(problem) }
    let parent = plan.parent?.index ?? 0
    var plan = plan
    plan.name = trace.nodes[node.index].name
    plan.families = plan.families ?? state(of: interface).families
    let hasIPv4 = plan.families?.contains(.ipv4) ?? true
    if plan.address == nil, routers[parent].nat64 == nil, hasIPv4 {
      plan.address = routers[parent].leases.address(of: node, at: time)
    }
    // Its own addresses are free for itself.
    let addresses = try addresses(for: plan, behind: parent, besides: node)
    disconnect(interface)
    let before = primaryAddress(of: host)
    let number = hosts[host].interface(at: node)
    hosts[host].interfaces[number].addresses = addresses
    hosts[host].interfaces[number].families = plan.families
    hosts[host].interfaces[number].arrival = time
    nodes[node.index] = NodeState(
      role: .host(host), parent: routers[parent].node, link: LinkState(link))
    limitSegments(of: host)
    attach(node, link, addresses.all, behind: parent)
    report(
      "\(addresses.primary) in the network of \(trace.nodes[routers[parent].node.index].name)",
      node)
    tellAddresses(of: host, before: before)
  }

  /// Until when an address behind a router is a host's, whether the host is still there or not; nil
  /// if it is no host's.
  public func leaseEnd(of address: IPv4Address, behind router: RouterID) -> Instant? {
    let leases = routers[router.index].leases
    guard let node = routers[router.index].children[address] else {
      return leases.end(of: address, at: time)
    }
    guard case .host(let host) = nodes[node.index].role else { return nil }
    let interface = hosts[host].interfaces[hosts[host].interface(at: node)]
    return leases.end(since: interface.arrival, at: time)
  }

  private mutating func report(_ text: String, _ node: NodeID) {
    if isTracing { trace.record(.report(text), at: node, time) }
  }
}
