import NATTable
import Router
public import TransportAddress

/// Drawing from what was read or computed: what is wrong is an error.
extension Network {
  /// Draws a router: a NAT, a firewall or both.
  ///
  /// - Throws: ``DrawingError``; nothing is drawn then.
  /// - Complexity: O(1) on average.
  public mutating func add(_ plan: RouterPlan) throws(DrawingError) -> RouterID {
    if let prefix = plan.nat64 { return try addNAT64(plan, prefix) }
    try check(plan.name, plan.link)
    guard plan.nat != nil || plan.parent == nil else { throw .firewallBehindRouter(plan.name) }
    let parent = plan.parent?.index ?? 0
    try checkIPv4(of: plan.name, behind: parent)
    let inside = try insideNetwork(of: plan)
    let gateway6 = plan.ipv6 == nil ? nil : try insideGateway6(of: plan, behind: parent)
    var external = plan.external
    // Without a NAT no host is behind the router's own address.
    if external.isEmpty, plan.nat != nil { external = [try freeAddress(behind: parent)] }
    for address in external { try check(address, behind: parent) }

    let id = RouterID(node: NodeID(nodes.count), index: routers.count)
    var state = RouterState(node: id.node, gateway: inside.gateway, inside: inside)
    state.leases = Leases(duration: max(plan.leaseTime, .seconds(1)))
    if plan.firewall != .open { state.firewall = Firewall(plan.firewall) }
    state.gateway6 = gateway6
    state.firewall6 = plan.ipv6.map { Firewall($0) }
    if let configuration = plan.nat {
      let table = NATTable(
        configuration, external: external.map { .v4($0) }, using: &generator)
      do throws(NATRouter.ConfigurationError) {
        state.nat = try NATRouter(
          table, gateway: inside.gateway, prefixLength: inside.prefixLength,
          mtu: (inside: 1500, outside: plan.link.mtu))
      } catch {
        throw .router(error)
      }
    } else {
      routers[0].networks.append((inside, id.node))
    }
    if plan.gateway == nil || gateway6 != nil { insideCount += 1 }
    routers.append(state)
    add(
      Trace.Node(
        name: plan.name, kind: plan.nat == nil ? .firewall : .nat, parent: routers[parent].node,
        address: external.first.map { .v4($0) }, address6: nil, gateway: .v4(inside.gateway),
        gateway6: gateway6, nat: plan.nat),
      .router(id.index), plan.link, external.map { .v4($0) }, behind: parent)
    if let gateway6 { announce(gateway6, of: id.node) }
    return id
  }

  /// Draws a host.
  ///
  /// - Throws: ``DrawingError``; nothing is drawn then.
  /// - Complexity: O(1) on average.
  public mutating func add(_ plan: HostPlan) throws(DrawingError) -> HostID {
    try check(plan.name, plan.link)
    let parent = plan.parent?.index ?? 0
    let addresses = try addresses(for: plan, behind: parent)
    let id = HostID(node: NodeID(nodes.count), index: hosts.count)
    let interface = Interface(
      node: id.node, addresses: addresses, families: plan.families, arrival: time)
    hosts.append(Host(interface, mtu: plan.link.mtu))
    add(
      Trace.Node(
        name: plan.name, kind: .host, parent: routers[parent].node, address: addresses.primary,
        address6: addresses.v4 == nil ? nil : addresses.v6, gateway: nil, nat: nil),
      .host(id.index), plan.link, addresses.all, behind: parent)
    return id
  }

  /// Gives a host a further interface, whose node is called `HOST/NAME`.
  ///
  /// - Parameter plan: the interface, with its own name.
  /// - Throws: ``DrawingError``; nothing is drawn then.
  /// - Complexity: O(1) on average, in the programs of the host.
  public mutating func add(
    _ plan: HostPlan, to host: HostID
  ) throws(DrawingError) -> InterfaceID {
    if plan.name.isEmpty { throw .name("") }
    let name = "\(trace.nodes[host.node.index].name)/\(plan.name)"
    try check(name, plan.link)
    let parent = plan.parent?.index ?? 0
    let addresses = try addresses(for: plan, behind: parent)
    let id = InterfaceID(node: NodeID(nodes.count), host: host)
    let before = primaryAddress(of: host.index)
    hosts[host.index].interfaces.append(
      Interface(node: id.node, addresses: addresses, families: plan.families, arrival: time))
    add(
      Trace.Node(
        name: name, kind: .host, parent: routers[parent].node, address: addresses.primary,
        address6: addresses.v4 == nil ? nil : addresses.v6, gateway: nil, nat: nil,
        host: host.node),
      .host(host.index), plan.link, addresses.all, behind: parent)
    limitSegments(of: host.index)
    tellAddresses(of: host.index, before: before)
    return id
  }

  /// Puts a program on a host; it starts when the network next runs.
  ///
  /// - Throws: ``DrawingError/port(_:host:)`` if a program of datagrams alone has no port, or one of
  ///   its ports is another program's.
  public mutating func add(
    program: some Endpoint, to host: HostID
  ) throws(DrawingError) {
    let name = trace.nodes[host.node.index].name
    if program.ports.isEmpty, !(program is any StreamEndpoint) { throw .port(nil, host: name) }
    for port in program.ports where hosts[host.index].program(at: port) != nil {
      throw .port(port, host: name)
    }
    for port in program.listeningPorts where hosts[host.index].streams.listeners[port] != nil {
      throw .port(port, host: name)
    }
    for ports in [program.ports, program.listeningPorts] where Set(ports).count < ports.count {
      throw .port(ports[0], host: name)
    }
    let number = hosts[host.index].programs.count
    hosts[host.index].programs.append(.init(endpoint: program))
    for port in program.ports { hosts[host.index].sockets.append((port, number)) }
    for port in program.listeningPorts { hosts[host.index].streams.listeners[port] = number }
    hasNewPrograms = true
  }

  /// Maps a port on the outside of a NAT to a host behind it for good: "port forwarding".
  ///
  /// The mapping keeps the host's address of this moment.
  /// - Parameter insidePort: the host's port; nil for the same.
  /// - Throws: ``DrawingError``; nothing is changed then.
  public mutating func add(
    mapping protocol: TransportProtocol, at port: UInt16, of router: RouterID, to host: HostID,
    port insidePort: UInt16? = nil
  ) throws(DrawingError) {
    let interface = hosts[host.index].interfaces.first {
      nodes[$0.node.index].isLinked && nodes[$0.node.index].parent == router.node
    }
    guard routers[router.index].nat != nil, let interface else {
      throw .mappingElsewhere(
        host: trace.nodes[host.node.index].name, router: trace.nodes[router.node.index].name)
    }
    // A router with a NAT has an external address.
    let outside = TransportAddress(
      routers[router.index].nat!.table.externalAddresses[0], port: port)
    let inside = TransportAddress(interface.addresses.primary, port: insidePort ?? port)
    do throws(NATTable.ConfigurationError) {
      try routers[router.index].nat!.addStaticMapping(
        `protocol`, inside: inside, outside: outside)
    } catch {
      throw .mapping(error)
    }
    if isTracing { recordAllChanges(router.index) }
  }

  mutating func add(
    _ node: Trace.Node, _ role: NodeState.Role, _ link: Link, _ addresses: [IPAddress],
    behind parent: Int
  ) {
    let id = NodeID(nodes.count)
    nodes.append(NodeState(role: role, parent: routers[parent].node, link: LinkState(link)))
    trace.nodes.append(node)
    names[node.name] = id
    attach(id, link, addresses, behind: parent)
  }

  /// Makes a router know the node at the end of a link.
  mutating func attach(
    _ id: NodeID, _ link: Link, _ addresses: [IPAddress], behind parent: Int
  ) {
    for address in addresses {
      switch address {
      case .v4(let address):
        routers[parent].children[address] = id
        routers[parent].leases.come(address, id)
      case .v6(let address): routers[parent].children6[address] = id
      }
    }
    if routers[parent].nat64 != nil, link.mtu < routers[parent].nat64!.translator.ipv6MTU {
      routers[parent].nat64!.translator.ipv6MTU = link.mtu
    }
    guard let nat = routers[parent].nat, link.mtu < nat.mtu.inside else { return }
    do throws(NATRouter.ConfigurationError) {
      try routers[parent].nat!.setMTU(inside: link.mtu, outside: nat.mtu.outside)
    } catch {
      preconditionFailure("the link's MTU has been checked: \(error)")
    }
  }

  // MARK: - Checks

  func check(_ name: String, _ link: Link) throws(DrawingError) {
    if name.isEmpty || names[name] != nil { throw .name(name) }
    if let problem = link.problem { throw .link(problem) }
  }

  /// Whether a node behind a router can have an address.
  func check(
    _ address: IPv4Address, behind parent: Int, besides own: NodeID? = nil
  ) throws(DrawingError) {
    let router = routers[parent]
    let fits =
      router.inside.map { $0.contains(address) && !$0.isBroadcast(address) }
      ?? (Self.isRouted(.v4(address)) && router.child(for: address) == router.children[address])
    if !fits {
      throw .addressOutside(.v4(address), network: trace.nodes[router.node.index].name)
    }
    let owner = router.children[address]
    if owner != nil && owner != own || address == router.gateway {
      throw .addressTaken(.v4(address))
    }
  }

  private func insideNetwork(of plan: RouterPlan) throws(DrawingError) -> InsideNetwork {
    // Private addresses behind a NAT, and behind a firewall such that the Internet routes:
    // 10.0.0.0/24, 10.0.1.0/24, … and 198.19.0.0/24, 198.19.1.0/24, … (RFC 1918, RFC 2544).
    let base = plan.nat == nil ? IPv4Address(198, 19, 0, 1) : IPv4Address(10, 0, 0, 1)
    let gateway = plan.gateway ?? IPv4Address(rawValue: base.rawValue + insideCount << 8)
    do throws(InsideNetwork.InvalidNetwork) {
      return try InsideNetwork(gateway: gateway, prefixLength: plan.prefixLength)
    } catch {
      throw .router(.network(error))
    }
  }

  /// The first address behind a router that no node has.
  mutating func freeAddress(behind parent: Int) throws(DrawingError) -> IPv4Address {
    var candidate = routers[parent].nextAddress
    while true {
      candidate += 1
      let address: IPv4Address
      if let inside = routers[parent].inside {
        address = IPv4Address(rawValue: inside.gateway.rawValue &+ candidate)
        guard inside.contains(address), !inside.isBroadcast(address) else { break }
      } else if candidate < 255 {
        // RFC 5737's last two blocks are for examples, as this is one.
        address = IPv4Address(rawValue: IPv4Address(198, 51, 100, 0).rawValue + candidate)
      } else {
        address = IPv4Address(rawValue: IPv4Address(198, 18, 0, 0).rawValue + candidate - 254)
        guard candidate < 65_000 else { break }
      }
      guard routers[parent].children[address] == nil,
        routers[parent].leases.end(of: address, at: time) == nil,
        address != routers[parent].gateway,
        routers[parent].inside != nil || routers[parent].child(for: address) == nil
      else { continue }
      routers[parent].nextAddress = candidate
      return address
    }
    throw .noAddressLeft(network: trace.nodes[routers[parent].node.index].name)
  }
}
