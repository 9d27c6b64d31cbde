public import SansIO
import TransportAddress

/// A whole internet under one clock: hosts, NATs and firewalls, and the links between them.
///
///     var net = Network(seed: 1)
///     let home = net.router("home", nat: .portRestrictedCone)
///     let alice = net.host("alice", behind: home)
///     let stun = net.host("stun.example", at: "203.0.113.9", running: .stunServer)
///     net.run(.stunClient(of: "203.0.113.9:3478"), on: alice)
///     net.run()
///     print(Ladder(net.trace).text())
///
/// It is a tree: each node has one link, to the router above it, and on top is the Internet.
///
///                     the Internet
///            ┌─────────────┼──────────────┐
///          home        stun.example      CGN
///        ┌───┴───┐                    ┌───┴────┐
///      alice   printer              phone     flat ── bob
///
/// What moves are packets in bytes; NATs are those of `Router`. There is one clock, one queue and one
/// generator for all of it, so that the seed decides everything: the same drawing with the same seed
/// gives the same trace in every process. It is a value: a copy is another world, which goes on by
/// itself.
public struct Network: Sendable {
  /// The time.
  public internal(set) var time: Instant = .zero
  /// What has happened.
  public internal(set) var trace = Trace()
  /// Whether what happens goes into the trace; without it packets are faster.
  public var isTracing = true
  /// How many packets have been sent, by hosts and by routers.
  public internal(set) var packetCount = 0
  /// How many packets have reached a program.
  public internal(set) var deliveredCount = 0

  var generator: SeededGenerator
  var queue = EventQueue()
  /// Packets that have ended, whose memory the next ones get.
  var spares: [[UInt8]] = []
  var nodes: [NodeState] = []
  var hosts: [Host] = []
  var routers: [RouterState] = []
  /// Looked up and never iterated: its order differs from one process to the next.
  var names: [String: NodeID] = [:]
  /// Inside networks that were given away without being asked for.
  var insideCount: UInt32 = 0
  /// How many programs have a deadline. A timer that a program needs no more stays in the queue.
  var waitingCount = 0
  /// Whether some program has not been started.
  var hasNewPrograms = false
  /// What has reached hosts that are outside of the network.
  var arrivals = ActionQueue<Arrival>()

  /// A network that consists of the Internet.
  public init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    let plain = LinkDirection(Link(latency: .zero))
    nodes.append(NodeState(role: .router(0), parent: .internet, up: plain, down: plain))
    routers.append(
      RouterState(node: .internet, gateway: IPv4Address(192, 0, 0, 8), inside: nil))
    // Its hosts have addresses for documentation, in IPv6 those of 2001:db8::/64 (RFC 3849).
    routers[0].gateway6 = IPv6Address(high: Self.documentationPrefix, low: 1)
    trace.nodes.append(
      Trace.Node(
        name: "Internet", kind: .internet, parent: nil, address: nil, address6: nil,
        gateway: nil, nat: nil))
    names["Internet"] = .internet
  }

  /// The node with a name; nil if there is none.
  public func node(named name: String) -> NodeID? { names[name] }

  // MARK: - Time

  /// Runs until a time, which it then is.
  ///
  /// - Precondition: it is not in the past.
  /// - Complexity: O(log *n*) for each event, with *n* packets and timers waiting.
  public mutating func run(until end: Instant) {
    precondition(end >= time, "time does not run backwards")
    startPrograms()
    while step(until: end) {}
    time = end
  }

  /// Runs for some time.
  public mutating func run(for duration: Duration) {
    run(until: time.advanced(by: duration))
  }

  /// Runs until no packet is on its way and no program waits for a time.
  ///
  /// Mappings of NATs expire only as far as time goes on for another reason.
  /// - Parameter limit: where it ends at the latest, for programs that never have enough.
  /// - Returns: whether it has come to rest.
  @discardableResult
  public mutating func run(atMost limit: Duration = .seconds(3600)) -> Bool {
    let end = time.advanced(by: limit)
    startPrograms()
    while !isAtRest, step(until: end) {}
    return isAtRest
  }

  /// Whether no packet is on its way and no program waits for a time.
  public var isAtRest: Bool { queue.flightCount == 0 && waitingCount == 0 && !hasNewPrograms }

  /// Does what is next; false if nothing is until `end`.
  private mutating func step(until end: Instant) -> Bool {
    guard let (event, time) = queue.popDue(at: end) else { return false }
    self.time = time
    switch event {
    case .arrival(let place): arrived(queue.land(place))
    case .endpointTimer(let host, let program): timerFired(host: host, program: program)
    case .streamTimer(let host): streamTimerFired(host: host)
    case .natTimer(let router): natTimerFired(router)
    }
    return true
  }

  // MARK: - Links

  /// Sends a packet over the link of a node: up from it, or down to it.
  mutating func transmit(
    _ packet: PacketID, _ bytes: consuming [UInt8], from node: NodeID, to next: NodeID
  ) {
    let isUp = nodes[node.index].parent == next
    guard nodes[isUp ? node.index : next.index].isLinked else {
      if isTracing { trace.record(.lost(packet, next: next, .linkGone), at: node, time) }
      return
    }
    let outcome =
      isUp
      ? nodes[node.index].up.carry(bytes.count, at: time, using: &generator)
      : nodes[next.index].down.carry(bytes.count, at: time, using: &generator)
    switch outcome {
    case .lost(let reason):
      if isTracing { trace.record(.lost(packet, next: next, reason), at: node, time) }
    case .arrives(let arrival, nil):
      queue.add(
        .init(packet: packet, bytes: bytes, node: next, sender: node), at: arrival)
    case .arrives(let arrival, let again?):
      let copy = nextPacketID()
      if isTracing { trace.record(.duplicated(packet, copy: copy), at: node, time) }
      queue.add(
        .init(packet: packet, bytes: copy bytes, node: next, sender: node), at: arrival)
      queue.add(
        .init(packet: copy, bytes: bytes, node: next, sender: node), at: again)
    }
  }

  mutating func nextPacketID() -> PacketID {
    packetCount += 1
    return PacketID(packetCount)
  }

  /// The link over which a packet came to a host is gone.
  private mutating func lose(_ flight: borrowing EventQueue.Flight) {
    guard isTracing else { return }
    trace.record(
      .lost(flight.packet, next: flight.node, .linkGone), at: flight.sender, time)
  }

  private mutating func arrived(_ flight: consuming EventQueue.Flight) {
    switch nodes[flight.node.index].role {
    case .host(let host):
      guard nodes[flight.node.index].isLinked,
        nodes[flight.node.index].parent == flight.sender
      else { return lose(flight) }
      if hosts[host].isOutside { leave(flight, at: host) } else { delivered(flight, to: host) }
    case .router(let router):
      if routers[router].nat64 != nil {
        translate64(flight, by: router)
      } else if routers[router].nat == nil {
        route(flight, by: router)
      } else {
        translate(flight, by: router)
      }
    }
  }
}
