public import NATTable
public import TransportAddress

/// Drawing in a program's own text: a mistake is one of its author, and stops the program.
extension Network {
  /// Draws a router with a NAT, a firewall or both.
  ///
  /// - Parameters:
  ///   - nat: how its NAT behaves.
  ///   - parent: the router above it, for a NAT behind a NAT; without one it stands on the Internet.
  ///   - external: its address on the outside; without one it gets one.
  ///   - gateway: its own address on the inside, in a network of this prefix length.
  ///   - firewall: what may pass.
  ///   - ipv6: what may pass of IPv6, which is not translated, usually answers only (RFC 6092); nil for
  ///     a network of IPv4 alone.
  ///   - link: its link to the router above.
  /// - Precondition: it can be drawn, see ``add(_:)-(RouterPlan)``.
  @discardableResult
  public mutating func router(
    _ name: String, nat: NATTable.Configuration, behind parent: RouterID? = nil,
    at external: IPv4Address? = nil, inside gateway: IPv4Address? = nil, prefixLength: Int = 24,
    firewall: Firewall.Policy = .open, ipv6: Firewall.Policy? = nil, link: Link = .line
  ) -> RouterID {
    var plan = RouterPlan(name, nat: nat)
    plan.parent = parent
    plan.external = external.map { [$0] } ?? []
    plan.gateway = gateway
    plan.prefixLength = prefixLength
    plan.firewall = firewall
    plan.ipv6 = ipv6
    plan.link = link
    return drawn { network throws(DrawingError) in try network.add(plan) }
  }

  /// Draws a router with a NAT64: the hosts behind it have IPv6 alone, and reach IPv4 by its prefix
  /// (RFC 6146). IPv6 it passes on as it is.
  ///
  /// - Parameters:
  ///   - nat: how its table behaves.
  ///   - prefix: what its hosts put before IPv4 addresses. The well-known one must not carry those that
  ///     are not global, such as a firewall's network has here (RFC 6052 §3.1).
  ///   - external: its IPv4 address on the Internet; without one it gets one.
  /// - Precondition: it can be drawn, see ``add(_:)-(RouterPlan)``.
  @discardableResult
  public mutating func nat64(
    _ name: String, nat: NATTable.Configuration = .nat64,
    prefix: EmbeddedIPv4Prefix = .wellKnown, at external: IPv4Address? = nil,
    firewall: Firewall.Policy = .open, link: Link = .line
  ) -> RouterID {
    var plan = RouterPlan(name, nat: nat)
    plan.nat64 = prefix
    plan.external = external.map { [$0] } ?? []
    plan.firewall = firewall
    plan.link = link
    return drawn { network throws(DrawingError) in try network.add(plan) }
  }

  /// Draws a firewall on the Internet, without a NAT: the hosts behind it have public addresses.
  ///
  /// - Parameter ipv6: what may pass of IPv6; nil for a network of IPv4 alone.
  /// - Precondition: it can be drawn, see ``add(_:)-(RouterPlan)``.
  @discardableResult
  public mutating func firewall(
    _ name: String, _ policy: Firewall.Policy, inside gateway: IPv4Address? = nil,
    prefixLength: Int = 24, ipv6: Firewall.Policy? = nil, link: Link = .line
  ) -> RouterID {
    var plan = RouterPlan(name, nat: nil)
    plan.firewall = policy
    plan.ipv6 = ipv6
    plan.gateway = gateway
    plan.prefixLength = prefixLength
    plan.link = link
    return drawn { network throws(DrawingError) in try network.add(plan) }
  }

  /// Draws a host on the Internet or behind a router.
  ///
  /// - Parameters:
  ///   - address: its IPv4 address; without one it gets a free one, if it has IPv4.
  ///   - address6: its IPv6 address; without one it gets a free one, if it has IPv6.
  ///   - families: the families of which it has addresses; without them those of its network, and on the
  ///     Internet IPv4, and IPv6 if there is an address of it.
  ///   - link: its link to the router above.
  /// - Precondition: it can be drawn, see ``add(_:)-(HostPlan)``.
  @discardableResult
  public mutating func host(
    _ name: String, behind parent: RouterID? = nil, at address: IPv4Address? = nil,
    ipv6 address6: IPv6Address? = nil, families: Set<AddressFamily>? = nil, link: Link = .cable
  ) -> HostID {
    var plan = HostPlan(name)
    plan.parent = parent
    plan.address = address
    plan.address6 = address6
    plan.families = families
    plan.link = link
    return drawn { network throws(DrawingError) in try network.add(plan) }
  }

  /// Draws a host that runs a program.
  ///
  /// - Precondition: it can be drawn, and the program has a port.
  @discardableResult
  public mutating func host(
    _ name: String, behind parent: RouterID? = nil, at address: IPv4Address? = nil,
    ipv6 address6: IPv6Address? = nil, families: Set<AddressFamily>? = nil, link: Link = .cable,
    running program: some Endpoint
  ) -> HostID {
    let host = host(
      name, behind: parent, at: address, ipv6: address6, families: families, link: link)
    run(program, on: host)
    return host
  }

  /// Gives a host a further interface: a link of its own, to the Internet or a router, with an address
  /// of its own.
  ///
  /// A packet leaves by the interface whose address its socket is bound to. One of an unbound socket
  /// leaves by the interface in whose network its destination is, otherwise by the default route: the
  /// first interface that is in a network.
  /// - Parameter name: the interface's; its node is called `HOST/NAME`.
  /// - Precondition: it can be drawn, see ``add(_:to:)``.
  @discardableResult
  public mutating func interface(
    _ name: String, of host: HostID, behind parent: RouterID? = nil,
    at address: IPv4Address? = nil, ipv6 address6: IPv6Address? = nil, link: Link = .cable
  ) -> InterfaceID {
    var plan = HostPlan(name)
    plan.parent = parent
    plan.address = address
    plan.address6 = address6
    plan.link = link
    return drawn { network throws(DrawingError) in try network.add(plan, to: host) }
  }

  /// Runs a program on a host, from when the network next runs.
  ///
  /// - Precondition: no other program there has its ports.
  public mutating func run(_ program: some Endpoint, on host: HostID) {
    drawn { network throws(DrawingError) in try network.add(program: program, to: host) }
  }

  /// Runs a program on the host with a name, from when the network next runs.
  ///
  /// - Precondition: a host has the name, and no other program there has the program's ports.
  public mutating func run(_ program: some Endpoint, on name: String) {
    guard let node = node(named: name), case .host(let index) = nodes[node.index].role else {
      preconditionFailure("no host is called '\(name)'")
    }
    run(program, on: HostID(node: hosts[index].node, index: index))
  }

  /// Maps a port on the outside of a NAT to a host behind it for good: "port forwarding".
  ///
  /// - Parameter insidePort: the host's port; without one the same.
  /// - Precondition: the host is behind the NAT, and neither endpoint has a mapping.
  public mutating func forward(
    _ protocol: TransportProtocol = .udp, port: UInt16, of router: RouterID, to host: HostID,
    port insidePort: UInt16? = nil
  ) {
    drawn { network throws(DrawingError) in
      try network.add(mapping: `protocol`, at: port, of: router, to: host, port: insidePort)
    }
  }

  mutating func drawn<Node>(
    _ draw: (inout Network) throws(DrawingError) -> Node
  ) -> Node {
    do throws(DrawingError) {
      return try draw(&self)
    } catch {
      preconditionFailure(error.description)
    }
  }
}
