import IPPacket
import NATTable
import Router
import SansIO
import TransportAddress

/// What every node has: a name, and a link to the router above it.
struct NodeState: Sendable {
  enum Role {
    case host(Int)
    case router(Int)
  }

  var role: Role
  /// The router above; the Internet has none, and its own number here.
  var parent: NodeID
  /// Whether the link is there: a host may be taken off its network.
  var isLinked = true
  /// The link to the router above.
  var link: LinkState
}

extension IPAddress {
  /// Whether it is an IPv6 address.
  var isV6: Bool {
    if case .v6 = self { true } else { false }
  }
}

/// The addresses of an interface: one of each family at most, and one at least.
struct HostAddresses: Hashable, Sendable {
  var v4: IPv4Address?
  var v6: IPv6Address?

  /// The one that programs are told of: the IPv4 address if there is one.
  var primary: IPAddress {
    v4.map { .v4($0) } ?? .v6(v6 ?? IPv6Address(high: 0, low: 0))
  }

  /// All, the IPv4 address first.
  var all: [IPAddress] { [v4.map { .v4($0) }, v6.map { .v6($0) }].compactMap { $0 } }

  func contains(_ address: IPAddress) -> Bool {
    switch address {
    case .v4(let address): v4 == address
    case .v6(let address): v6 == address
    }
  }

  /// The one from which the host sends to an address; nil if it has none of that family.
  func source(for destination: IPAddress) -> IPAddress? {
    switch destination {
    case .v4: v4.map { .v4($0) }
    case .v6: v6.map { .v6($0) }
    }
  }

  /// The MTU of a link less what an IPv6 header is longer than an IPv4 header, if the host may send
  /// one.
  func streamMTU(_ mtu: Int) -> Int { v6 == nil ? mtu : mtu - 20 }
}

/// An interface of a host: a node, whose link leads to a router, and its addresses.
struct Interface: Sendable {
  let node: NodeID
  /// Its addresses; the last that it had while it is in no network.
  var addresses: HostAddresses
  /// The families of which it is to have addresses; nil for those of its network.
  var families: Set<AddressFamily>?
  /// When it came to the network.
  var arrival: Instant
}

/// A host: its interfaces, and the programs that run there.
struct Host: Sendable {
  let node: NodeID
  /// Its interfaces, at least one. The first that is in a network is the default route.
  var interfaces: [Interface]
  /// Whether its programs are outside of the network.
  var isOutside = false
  var programs: [Program] = []
  /// Which program has which port.
  var sockets: [(port: UInt16, program: Int)] = []
  /// Its TCP, and how many of its connections the network counts as waiting.
  var streams: StreamStack
  var waitingStreamCount = 0

  init(_ interface: Interface, mtu: Int) {
    node = interface.node
    interfaces = [interface]
    streams = StreamStack(mtu: interface.addresses.streamMTU(mtu))
  }

  struct Program: Sendable {
    var endpoint: any Endpoint
    var hasStarted = false
    var isWaiting = false
    /// The time of its earliest timer in the queue; nil if it has none there.
    var timer: Instant?

    // These mutate so that they work where the endpoint stands: what is only read would be copied out
    // of the arrays first.

    /// A timer in the queue has come; it is the endpoint's unless the endpoint has changed its mind.
    mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
      timer = nil
      guard let deadline = endpoint.nextDeadline, deadline <= now else { return }
      endpoint.timerFired(at: now, using: &generator)
    }

    /// What a program does next.
    enum Step {
      case action(EndpointAction)
      /// It wants nothing more: by how much the number of programs that wait has changed, and the
      /// time of the timer that has to be added to the queue.
      case rest(waitingChange: Int, timer: Instant?)
    }

    /// The next thing that it wants done, or when it wants to be called.
    mutating func nextStep(from now: Instant) -> Step {
      if let action = endpoint.nextAction() { return .action(action) }
      let deadline = endpoint.nextDeadline
      var change = 0
      if isWaiting != (deadline != nil) {
        isWaiting.toggle()
        change = isWaiting ? 1 : -1
      }
      guard let deadline, timer.map({ $0 > deadline }) ?? true else {
        return .rest(waitingChange: change, timer: nil)
      }
      timer = deadline
      return .rest(waitingChange: change, timer: max(deadline, now))
    }
  }

  /// The number of the interface that a node is.
  func interface(at node: NodeID) -> Int {
    // Most hosts have one.
    if interfaces[0].node == node { return 0 }
    guard let number = interfaces.firstIndex(where: { $0.node == node }) else {
      preconditionFailure("the node is an interface of another host")
    }
    return number
  }

  /// Whether an interface has the address.
  func contains(_ address: IPAddress) -> Bool {
    interfaces.contains { $0.addresses.contains(address) }
  }

  func program(at port: UInt16) -> Int? {
    sockets.first { $0.port == port }?.program
  }
}

/// A router, whose links go down to the nodes behind it.
///
/// It is mutated where it stands: a NAT that a pattern match copies copies its table.
struct RouterState: Sendable {
  let node: NodeID
  /// Its own address on the inside; for the Internet, the one that routers without an address send
  /// ICMP errors from (RFC 7600 §4.8).
  let gateway: IPv4Address
  /// The addresses behind it; nil for the Internet.
  let inside: InsideNetwork?
  /// The NAT; nil if addresses stay as they are.
  var nat: NATRouter?
  /// The NAT64, of a router whose inside has IPv6 alone.
  var nat64: NAT64?
  /// Its own IPv6 address on the inside; nil for a router without IPv6.
  var gateway6: IPv6Address?
  /// Packets that wait for the first fragment of their datagram, at a NAT64.
  var held: [HoldToken: [Flight]] = [:]
  var firewall: Firewall?
  /// The firewall for IPv6, if it is another.
  var firewall6: Firewall?
  /// The nodes behind it by address, and the networks of firewalls behind the Internet.
  var children = AddressTable()
  var networks: [(network: InsideNetwork, node: NodeID)] = []
  /// The nodes behind it by IPv6 address, and the networks behind routers there by their first half.
  var children6: [IPv6Address: NodeID] = [:]
  var networks6: [UInt64: NodeID] = [:]
  /// Which of its addresses are whose.
  var leases = Leases(duration: .seconds(3600))
  /// Where the search for a free inside address begins.
  var nextAddress: UInt32 = 0
  /// The last half of the IPv6 address that was given away last; the first is the router's own.
  var nextAddress6: UInt64 = 1
  /// The NAT's mappings as the trace has them.
  var recorded: [RecordedMapping: NATTable.Mapping] = [:]
  /// The time of its earliest timer in the queue; nil if it has none there.
  var timer: Instant?

  // In line: a call would copy the router first, with its NAT.

  /// The node behind it that an address leads to.
  @inline(__always)
  func child(for address: IPv4Address) -> NodeID? {
    if let node = children[address] { return node }
    return networks.first { $0.network.contains(address) }?.node
  }

  /// The node behind it that an IPv6 address leads to.
  @inline(__always)
  func child(for address: IPv6Address) -> NodeID? {
    children6[address] ?? networks6[address.high]
  }

  /// The mappings of its NAT, of either kind.
  var mappings: [NATTable.Mapping] {
    // Not by patterns: they would copy the table.
    if nat != nil { return nat!.table.mappings }
    return nat64 == nil ? [] : nat64!.mappings
  }
}

/// What tells mappings of one NAT apart.
struct RecordedMapping: Hashable, Sendable {
  var `protocol`: TransportProtocol
  var inside: TransportAddress
  var scope: RemoteScope

  init(_ mapping: NATTable.Mapping) {
    `protocol` = mapping.protocol
    inside = mapping.inside
    scope = mapping.scope
  }
}
