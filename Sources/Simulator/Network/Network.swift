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
  /// The packets that are on their way, at places that events name.
  var flights: [Flight] = []
  var freePlaces: [Int] = []
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
    let plain = LinkState(Link(latency: .zero))
    nodes.append(NodeState(role: .router(0), parent: .internet, link: plain))
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
  public var isAtRest: Bool { flightCount == 0 && waitingCount == 0 && !hasNewPrograms }

  /// Does what is next; false if nothing is until `end`.
  private mutating func step(until end: Instant) -> Bool {
    guard let (event, time) = queue.popDue(at: end) else { return false }
    self.time = time
    switch event {
    case .arrival(let place): arrived(place)
    case .endpointTimer(let host, let program): timerFired(host: host, program: program)
    case .streamTimer(let host): streamTimerFired(host: host)
    case .natTimer(let router): natTimerFired(router)
    }
    return true
  }
}
