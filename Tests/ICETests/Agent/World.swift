import ICE
import STUNCodec
import SansIO
import TransportAddress

/// Two agents, the paths between them, and one virtual clock.
///
/// Each agent is a host with an address, behind a NAT or not, with a relay or not. Signaling has a
/// delay of its own. All chance comes from one seed.
struct World {
  /// What one side is.
  struct Side {
    var nat: TestNAT?
    var hasRelay = false
    /// Hosts behind the same NAT reach one another directly.
    var privateAddress: TransportAddress
    var publicAddress: IPAddress
    var components: UInt16 = 1
    /// Addresses that are candidates, too, and lead nowhere.
    var deadCandidates = 0
  }

  /// How the paths behave.
  struct Path {
    var latency: Duration = .milliseconds(20)
    var jitter: Duration = .zero
    /// 0 to 100.
    var lossPercent = 0
    var duplicationPercent = 0
  }

  /// A datagram that an agent has sent.
  struct Sent {
    var at: Instant
    var agent: Int
    var bytes: [UInt8]
    var base: TransportAddress
    var remote: TransportAddress
  }

  private enum Event {
    case arrival(agent: Int, bytes: [UInt8], source: TransportAddress, base: TransportAddress)
    case signal((inout ICEAgent, Instant) throws -> Void, agent: Int)
  }

  var now = Instant.zero
  var agents: [ICEAgent]
  var sides: [Side]
  var path: Path
  var generator: SeededGenerator
  var sent: [Sent] = []
  var log: [[ICEAgent.Action]] = [[], []]
  var data: [Int] = [0, 0]
  /// Whether datagrams from an agent are lost altogether.
  var isCut = [false, false]
  private var events: [(at: Instant, number: Int, event: Event)] = []
  private var eventCount = 0
  /// Hosts to which each relay may send and from which it takes datagrams.
  private var permissions: [Set<IPAddress>] = [[], []]

  init(
    _ left: Side, _ right: Side, path: Path = .init(), seed: UInt64 = 1,
    roles: [AgentRole] = [.controlling, .controlled],
    configurations: [ICEConfiguration] = [.init(), .init()], streams: [Int] = [1]
  ) throws {
    sides = [left, right]
    self.path = path
    generator = SeededGenerator(seed: seed)
    agents = []
    for index in 0..<2 {
      agents.append(
        try ICEAgent(
          role: roles[index], streams: streams, configuration: configurations[index],
          using: &generator))
    }
  }

  // MARK: Gathering and signaling

  /// The relayed address of an agent's component.
  func relay(_ agent: Int, _ port: UInt16) -> TransportAddress {
    TransportAddress(agent == 0 ? "198.51.100.101" : "198.51.100.102", port: 40_000 + port)
  }

  /// All candidates of an agent, as gathering would find them.
  mutating func candidates(_ agent: Int, stream: Int = 0) -> [GatheredCandidate] {
    var list: [GatheredCandidate] = []
    for number in 1...sides[agent].components {
      guard let component = ComponentID(rawValue: number) else { continue }
      var base = sides[agent].privateAddress
      base.port += UInt16(stream) * 10 + number - 1
      list.append(.host(base, component: component))
      if sides[agent].nat != nil {
        let mapped = sides[agent].nat?.map(base, to: "198.51.100.1:3478")
        if let mapped {
          list.append(
            .serverReflexive(
              mapped, base: base, server: "198.51.100.1:3478", component: component))
        }
      }
      if sides[agent].hasRelay {
        list.append(
          .relayed(
            relay(agent, base.port), mapped: base, server: "198.51.100.1:3478",
            component: component))
      }
    }
    return list
  }

  /// Gathers for an agent and signals everything to the other one, in a delay.
  mutating func describe(
    _ agent: Int, after delay: Duration = .milliseconds(30), spread: Duration = .zero,
    streams: Int = 1
  ) throws {
    for stream in 0..<streams {
      for candidate in candidates(agent, stream: stream) {
        try agents[agent].gathered(candidate, stream: stream, at: now)
      }
      try agents[agent].gatheringFinished(stream: stream, at: now)
    }
    let credentials = agents[agent].credentials
    let isLite = agents[agent].configuration.isLite
    let pacing = agents[agent].configuration.pacing
    let lists = agents[agent].checklists.checklists.map(\.local)
    let fragment = credentials.usernameFragment
    signal(to: 1 - agent, after: delay + random(spread)) { agent, now in
      try agent.remoteDescriptionReceived(
        RemoteDescription(credentials, isLite: isLite, pacing: pacing), at: now)
    }
    for stream in 0..<streams {
      for candidate in lists[stream] + dead(agent) {
        signal(to: 1 - agent, after: delay + random(spread)) { agent, now in
          try agent.remoteCandidateReceived(
            CandidateAttribute(candidate).candidate ?? candidate, stream: stream,
            usernameFragment: fragment, at: now)
        }
      }
      signal(to: 1 - agent, after: delay + spread) { agent, now in
        try agent.remoteCandidatesEnded(stream: stream, usernameFragment: fragment, at: now)
      }
    }
  }

  private func dead(_ agent: Int) -> [Candidate] {
    (0..<sides[agent].deadCandidates).map { number in
      host(
        TransportAddress(.v4(IPv4Address(rawValue: 0x0A63_0001 + UInt32(number))), port: 9999),
        foundation: CandidateFoundation(number: 900 + UInt32(number)))
    }
  }

  mutating func signal(
    to agent: Int, after delay: Duration,
    _ body: @escaping (inout ICEAgent, Instant) throws -> Void
  ) {
    schedule(.signal(body, agent: agent), at: now.advanced(by: delay))
  }

  /// Both agents restart; what was signaled before and has not arrived is void.
  mutating func restart() {
    events.removeAll { if case .signal = $0.event { true } else { false } }
    for agent in 0..<2 { agents[agent].restarted(at: now, using: &generator) }
  }

  // MARK: The loop

  /// Runs until nothing is left to do before an instant, or a condition holds.
  mutating func run(
    until end: Instant, while condition: (World) -> Bool = { _ in true }
  ) throws {
    drain()
    while condition(self) {
      let next = events.first?.at
      let deadlines = agents.compactMap(\.nextDeadline)
      guard let time = (deadlines + [next].compactMap { $0 }).min(), time <= end else { break }
      now = max(now, time)
      if let first = events.first, first.at <= now {
        events.removeFirst()
        try perform(first.event)
      } else {
        for index in 0..<2 where agents[index].nextDeadline.map({ $0 <= now }) ?? false {
          agents[index].timerFired(at: now, using: &generator)
        }
      }
      drain()
      if sent.count > 200_000 { throw Endless() }
    }
    if condition(self) { now = max(now, end) }
  }

  struct Endless: Error {}

  private mutating func perform(_ event: Event) throws {
    switch event {
    case .signal(let body, let agent): try body(&agents[agent], now)
    case .arrival(let agent, let bytes, let source, let base):
      let arrival = agents[agent].received(
        bytes.span, from: source, to: base, at: now, using: &generator)
      if case .data = arrival { data[agent] += 1 }
    }
  }

  private mutating func drain() {
    for agent in 0..<2 {
      while let action = agents[agent].nextAction() {
        log[agent].append(action)
        if case .send(let bytes, let base, let remote) = action {
          send(bytes, by: agent, from: base, to: remote)
        }
      }
    }
  }

  private mutating func schedule(_ event: Event, at time: Instant) {
    eventCount += 1
    let place = events.firstIndex { $0.at > time } ?? events.count
    events.insert((time, eventCount, event), at: place)
  }

  private mutating func random(_ duration: Duration) -> Duration {
    .nanoseconds(Int64.random(in: 0...max(0, duration.wholeNanoseconds), using: &generator))
  }

  // MARK: The network

  mutating func send(
    _ bytes: [UInt8], by agent: Int, from base: TransportAddress, to remote: TransportAddress
  ) {
    sent.append(Sent(at: now, agent: agent, bytes: bytes, base: base, remote: remote))
    guard !isCut[agent] else { return }
    var source = base
    let isRelayed = base != sides[agent].privateAddress && base.address == relay(agent, 0).address
    if isRelayed {
      permissions[agent].insert(remote.address)
    } else if let mapped = sides[agent].nat?.map(base, to: remote) {
      source = mapped
    }
    var copies = 1
    if Int.random(in: 0..<100, using: &generator) < path.duplicationPercent { copies = 2 }
    for _ in 0..<copies {
      guard Int.random(in: 0..<100, using: &generator) >= path.lossPercent else { continue }
      guard let (receiver, local) = destination(remote, from: source) else { continue }
      let hops = isRelayed || local.address == relay(receiver, 0).address ? 2 : 1
      let delay = path.latency * hops + random(path.jitter)
      schedule(
        .arrival(agent: receiver, bytes: bytes, source: source, base: local),
        at: now.advanced(by: delay))
    }
  }

  /// Which agent gets a datagram, and at which base.
  private mutating func destination(
    _ remote: TransportAddress, from source: TransportAddress
  ) -> (Int, TransportAddress)? {
    for agent in 0..<2 {
      if remote.address == relay(agent, 0).address {
        return permissions[agent].contains(source.address) ? (agent, remote) : nil
      }
      if sides[agent].nat == nil {
        if remote.address == sides[agent].privateAddress.address { return (agent, remote) }
      } else if let inside = sides[agent].nat?.take(remote, from: source) {
        return (agent, inside)
      }
    }
    return nil
  }
}

extension World.Side {
  /// A host with a public address.
  static func open(_ agent: Int, hasRelay: Bool = false) -> World.Side {
    let address: TransportAddress = agent == 0 ? "203.0.113.7:5000" : "203.0.113.9:6000"
    return World.Side(
      nat: nil, hasRelay: hasRelay, privateAddress: address, publicAddress: address.address)
  }

  /// A host behind a NAT of its own.
  static func behind(
    _ mapping: TestNAT.Dependence, _ filtering: TestNAT.Dependence, _ agent: Int,
    hasRelay: Bool = true
  ) -> World.Side {
    let external: IPAddress = agent == 0 ? "203.0.113.7" : "203.0.113.9"
    return World.Side(
      nat: TestNAT(mapping, filtering, external: external), hasRelay: hasRelay,
      privateAddress: agent == 0 ? "10.0.0.2:5000" : "192.168.1.5:6000", publicAddress: external)
  }
}

extension World {
  /// Whether both agents have come to an end.
  var isOver: Bool {
    agents.allSatisfy { agent in
      switch agent.state {
      case .completed, .failed: true
      case .new, .running: false
      }
    }
  }

  /// Describes both agents to one another and runs until both have come to an end.
  mutating func connect(
    until end: Instant = .seconds(200), streams: Int = 1, spread: Duration = .zero
  ) throws {
    try describe(0, after: .milliseconds(30), spread: spread, streams: streams)
    try describe(1, after: .milliseconds(30), spread: spread, streams: streams)
    try run(until: end) { !$0.isOver }
  }

  /// The requests that an agent has sent, each once, with the time of its first sending.
  func requests(of agent: Int) -> [(at: Instant, message: STUNMessage, sent: Sent)] {
    var seen: Set<TransactionID> = []
    return sent.compactMap { item in
      guard item.agent == agent, let message = try? STUNMessage(item.bytes),
        message.type == .bindingRequest, seen.insert(message.transactionID).inserted
      else { return nil }
      return (item.at, message, item)
    }
  }
}
