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
  /// From the node to the router above it, and back.
  var up, down: LinkDirection
  /// Whether the link is there: a host may be taken off its network.
  var isLinked = true
}

/// A host: an address, and the programs that run there.
struct Host: Sendable {
  let node: NodeID
  /// Its address; the last that it had while it is in no network.
  var address: IPv4Address
  /// When it came to the network.
  var arrival: Instant
  var programs: [Program] = []
  /// Which program has which port.
  var sockets: [(port: UInt16, program: Int)] = []
  /// Its TCP, and how many of its connections the network counts as waiting.
  var streams: StreamStack
  var waitingStreamCount = 0

  init(node: NodeID, address: IPv4Address, mtu: Int, at now: Instant) {
    arrival = now
    self.node = node
    self.address = address
    streams = StreamStack(mtu: mtu)
  }

  struct Program: Sendable {
    var endpoint: any Endpoint
    var hasStarted = false
    var isWaiting = false
    /// The time of its earliest timer in the queue; nil if it has none there.
    var timer: Instant?
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
  var firewall: Firewall?
  /// The nodes behind it by address, and the networks of firewalls behind the Internet.
  var children: [IPv4Address: NodeID] = [:]
  var networks: [(network: InsideNetwork, node: NodeID)] = []
  /// Which of its addresses are whose.
  var leases = Leases(duration: .seconds(3600))
  /// Where the search for a free inside address begins.
  var nextAddress: UInt32 = 0
  /// The NAT's mappings as the trace has them.
  var recorded: [RecordedMapping: NATTable.Mapping] = [:]
  /// The time of its earliest timer in the queue; nil if it has none there.
  var timer: Instant?

  /// The node behind it that an address leads to.
  func child(for address: IPv4Address) -> NodeID? {
    if let node = children[address] { return node }
    return networks.first { $0.network.contains(address) }?.node
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
