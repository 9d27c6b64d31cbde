import Router
public import SansIO
public import TransportAddress

/// Networks that change while they run: a host leaves one and comes to another.
///
/// What was on its way to the host is lost with the link; what it has sent goes on. The trace keeps the
/// nodes as they were drawn, and has the change as a report of the host.
extension Network {
  /// Takes a host off its network: its interface is gone, and its address with it.
  ///
  /// Its TCP connections end, and its programs are told. Nothing happens if it has none.
  public mutating func disconnect(_ host: HostID) {
    guard nodes[host.node.index].isLinked else { return }
    let parent = routerIndex(above: host)
    if let address = hosts[host.index].addresses.v4 {
      routers[parent].children[address] = nil
      routers[parent].leases.leave(
        address, host.node, since: hosts[host.index].arrival, at: time)
    }
    if let address = hosts[host.index].addresses.v6 { routers[parent].children6[address] = nil }
    nodes[host.node.index].isLinked = false
    report("off the network of \(trace.nodes[routers[parent].node.index].name)", host)
    hosts[host.index].streams.endAll()
    tellAddress(nil, host)
  }

  /// Connects a host to a network, after it was taken off another if it was there: an interface comes,
  /// with an address that the router gives it, and its programs are told.
  ///
  /// - Precondition: the address, if one is asked for, and the link are possible there, see
  ///   ``add(_:)-(HostPlan)``.
  public mutating func connect(
    _ host: HostID, behind router: RouterID? = nil, at address: IPv4Address? = nil,
    link: Link = .cable
  ) {
    drawn { network throws(DrawingError) in
      try network.tryConnecting(host, behind: router, at: address, link: link)
    }
  }

  /// Connects a host to a network.
  ///
  /// - Throws: ``DrawingError``; the host stays where it is then.
  public mutating func tryConnecting(
    _ host: HostID, behind router: RouterID?, at wanted: IPv4Address?, link: Link
  ) throws(DrawingError) {
    if let problem = link.problem { throw .link(problem) }
    let parent = router?.index ?? 0
    var plan = HostPlan(trace.nodes[host.node.index].name)
    plan.address = wanted
    if plan.address == nil, routers[parent].nat64 == nil {
      plan.address = routers[parent].leases.address(of: host.node, at: time)
    }
    // Its own address is free for itself.
    let own = hosts[host.index].addresses
    let isOwn = isConnected(host) && plan.address != nil && own.v4 == plan.address
    let stays = isOwn && parent == routerIndex(above: host)
    let addresses = stays ? own : try addresses(for: plan, behind: parent)
    disconnect(host)
    hosts[host.index].addresses = addresses
    hosts[host.index].arrival = time
    hosts[host.index].streams.limitSegments(mtu: addresses.streamMTU(link.mtu))
    let direction = LinkDirection(link)
    nodes[host.node.index] = NodeState(
      role: .host(host.index), parent: routers[parent].node, up: direction, down: direction)
    attach(host.node, link, addresses.all, behind: parent)
    let address = addresses.primary
    report("\(address) in the network of \(trace.nodes[routers[parent].node.index].name)", host)
    tellAddress(address, host)
  }

  /// Whether a host is in a network.
  public func isConnected(_ host: HostID) -> Bool { nodes[host.node.index].isLinked }

  /// The IPv4 address of a host; nil while it is in no network, or in one that has IPv6 alone.
  public func address(of host: HostID) -> IPv4Address? {
    isConnected(host) ? hosts[host.index].addresses.v4 : nil
  }

  /// The IPv6 address of a host; nil if it has none, or while it is in no network.
  public func address6(of host: HostID) -> IPv6Address? {
    isConnected(host) ? hosts[host.index].addresses.v6 : nil
  }

  /// Until when an address behind a router is a host's, whether the host is still there or not; nil
  /// if it is no host's.
  public func leaseEnd(of address: IPv4Address, behind router: RouterID) -> Instant? {
    let leases = routers[router.index].leases
    guard let node = routers[router.index].children[address] else {
      return leases.end(of: address, at: time)
    }
    guard case .host(let host) = nodes[node.index].role else { return nil }
    return leases.end(since: hosts[host].arrival, at: time)
  }

  private func routerIndex(above host: HostID) -> Int {
    guard case .router(let index) = nodes[nodes[host.node.index].parent.index].role else {
      preconditionFailure("above each host is a router")
    }
    return index
  }

  private mutating func report(_ text: String, _ host: HostID) {
    if isTracing { trace.record(.report(text), at: host.node, time) }
  }

  private mutating func tellAddress(_ address: IPAddress?, _ host: HostID) {
    for program in hosts[host.index].programs.indices
    where hosts[host.index].programs[program].hasStarted {
      hosts[host.index].programs[program].endpoint.addressChanged(
        to: address, at: time, using: &generator)
      performActions(host: host.index, program: program)
    }
    if hosts[host.index].streams.hasOutput { settleStreams(host: host.index) }
  }
}
