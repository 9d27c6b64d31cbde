public import ICE
import Media
import SansIO
public import Simulator
import TransportAddress

/// A call between two ICE agents in a simulated network, with a STUN and a TURN server.
///
///     alice ── home ──┐                 ┌── cabin ── bob
///                     ├── the Internet ─┤
///     stun.example ───┴─ turn.example ──┘
///        └─────────── signals ────────────┘
///
/// Alice offers, Bob answers, and both trickle their candidates, unless something else is said, over a
/// path of signals that is no part of the network. The agents' own reports in the trace say what they
/// learn and when.
public struct Call: Sendable {
  /// A side of the call.
  public enum Party: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The caller, who controls.
    case alice
    /// The callee.
    case bob

    /// The other side.
    public var other: Party { self == .alice ? .bob : .alice }

    /// The name of its host.
    public var description: String { rawValue }
  }

  /// The network at this moment, and the trace of what has happened in it.
  public private(set) var network: Network
  private let hosts: [Party: HostID]
  private var signals: [Party: SignalQueue]
  /// Signals are no part of the network, and what befalls them has a generator of its own.
  private var generator: SeededGenerator
  /// How far the network may run before what the agents have signaled is looked at: no signal arrives
  /// earlier than that.
  private let slice: Duration
  private var moveCount = 0
  private let alteration: CallPlan.Alteration?
  /// What the two have signaled, in the order in which it was taken from them.
  private var sentSignals: [SentSignal] = []
  private var heardSignals: [Party: [Signal]] = [:]

  /// A call between two sites.
  ///
  /// - Parameters:
  ///   - seed: decides everything that happens by chance.
  ///   - signaling: the path of signals, in each direction.
  ///   - trickling: when candidates are signaled.
  ///   - hasRelay: whether there is a TURN server.
  ///   - configuration: that of both agents.
  ///   - link: the link of each NAT to the Internet, or to the one above it, where it is no place's.
  ///   - relayLink: the link of the TURN server to the Internet.
  ///   - bothControl: whether Bob's agent takes itself for the controlling one, too: a role conflict.
  ///   - alteration: what becomes of signals; nil if all arrive as they were sent.
  /// - Precondition: an agent can have the configuration.
  public init(
    _ first: CallSite, _ second: CallSite, seed: UInt64 = 1, signaling: SignalingPath = .init(),
    trickling: Trickling = .full, hasRelay: Bool = true,
    configuration: ICEConfiguration = .init(), link: Link = .line, relayLink: Link = .cable,
    bothControl: Bool = false, alteration: CallPlan.Alteration? = nil
  ) {
    var network = Network(seed: seed)
    let servers = CallServers(
      stun: "203.0.113.9:3478", turn: hasRelay ? "203.0.113.10:3478" : nil,
      turnStream: hasRelay ? "203.0.113.10:443" : nil)
    let home = network.site(first, Self.name("home", "alice", first), link)
    let cabin = network.site(second, Self.name("cabin", "bob", second), link)
    let alice = network.host("alice", behind: home.router, link: home.hostLink)
    let bob = network.host("bob", behind: cabin.router, link: cabin.hostLink)
    network.host("stun", at: "203.0.113.9", running: .stunServer)
    if hasRelay {
      network.host(
        "turn", at: "203.0.113.10", link: relayLink, running: .turnServer(for: servers))
    }
    var plan = CallPlan(
      alice: .init(on: alice, asking: servers), bob: .init(on: bob, asking: servers))
    (plan.alice.hearing, plan.bob.hearing) = (signaling, signaling)
    (plan.alice.configuration, plan.bob.configuration) = (configuration, configuration)
    if bothControl { plan.bob.role = .controlling }
    plan.trickling = trickling
    plan.seed = seed
    plan.alteration = alteration
    self.init(plan, in: network)
  }

  /// A call in a network that is drawn already; its servers must run there.
  ///
  /// - Precondition: an agent can have either configuration, and its ports are free on its host.
  public init(_ plan: CallPlan, in network: Network) {
    self.network = network
    generator = SeededGenerator(seed: plan.seed ^ 0x5349_474E_414C)
    slice = min(plan.alice.hearing.latency, plan.bob.hearing.latency, .milliseconds(20))
    signals = [.alice: SignalQueue(plan.alice.hearing), .bob: SignalQueue(plan.bob.hearing)]
    alteration = plan.alteration
    hosts = [.alice: plan.alice.host, .bob: plan.bob.host]
    for (party, side) in [(AgentEndpoint.Party.caller, plan.alice), (.callee, plan.bob)] {
      do throws(AgentError) {
        let endpoint = try AgentEndpoint(
          party, servers: side.servers, role: side.role, trickling: plan.trickling,
          configuration: side.configuration, restartsWhenLost: plan.restartsWhenLost,
          using: &generator)
        self.network.run(endpoint, on: side.host)
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  private static func name(_ nat: String, _ party: String, _ site: CallSite) -> String {
    switch site {
    case .nat, .nested, .open: nat
    case .place(let place): "\(party)'s \(place)"
    }
  }

  /// Whether what happens goes into the trace.
  public var isTracing: Bool {
    get { network.isTracing }
    set { network.isTracing = newValue }
  }

  /// The program of a side, with its agent.
  public func endpoint(of party: Party) -> AgentEndpoint {
    guard let endpoint = network.program(on: host(party), as: AgentEndpoint.self) else {
      preconditionFailure("both hosts run an agent from the start")
    }
    return endpoint
  }

  // MARK: - Time

  /// Runs until both agents have come to an end.
  ///
  /// - Parameter limit: where it ends at the latest; the agents' own patience ends before.
  @discardableResult
  public mutating func connect(atMost limit: Duration = .seconds(120)) -> CallResult {
    let end = network.time.advanced(by: limit)
    advance(until: end) { !$0.isOver }
    return result
  }

  /// Runs for some time.
  public mutating func run(for duration: Duration) {
    advance(until: network.time.advanced(by: duration)) { _ in true }
  }

  private mutating func advance(until end: Instant, while condition: (Call) -> Bool) {
    network.run(until: network.time)
    carrySignals()
    while network.time < end, condition(self) {
      let next = [end, network.time.advanced(by: slice)] + signals.values.compactMap(\.nextArrival)
      network.run(until: next.reduce(end, min))
      carrySignals()
    }
  }

  /// Takes signals over that agents have for one another, and delivers those that have arrived.
  private mutating func carrySignals() {
    var isBusy = true
    while isBusy {
      isBusy = false
      for party in Party.allCases {
        while let signal = signals[party]?.popArrived(at: network.time) {
          if isTracing { heardSignals[party, default: []].append(signal) }
          network.tell(host(party), AgentEndpoint.self) { endpoint, now, generator in
            endpoint.signaled(signal, at: now, using: &generator)
          }
          isBusy = true
        }
        guard endpoint(of: party).hasSignals else { continue }
        isBusy = true
        let sent = network.tell(host(party), AgentEndpoint.self) { endpoint, _, _ in
          var sent: [AgentEndpoint.Outgoing] = []
          while let next = endpoint.nextSignal() { sent.append(next) }
          return sent
        }
        for item in sent {
          let passed =
            if let alteration { alteration(party, item.signal, sentSignals) } else { item.signal }
          var arrival: Instant?
          if let passed {
            arrival = signals[party.other]?.send(passed, at: item.time, using: &generator)
          }
          guard isTracing else { continue }
          sentSignals.append(
            SentSignal(sender: party, signal: item.signal, time: item.time, arrival: arrival))
        }
      }
    }
  }

  private func host(_ party: Party) -> HostID {
    guard let host = hosts[party] else { preconditionFailure("both sides have a host") }
    return host
  }

  private var isOver: Bool {
    Party.allCases.allSatisfy { party in
      let endpoint = endpoint(of: party)
      switch endpoint.agent.state {
      case .completed, .failed: return !endpoint.awaitsOffer
      case .new, .running: return false
      }
    }
  }

  // MARK: - What the two do

  /// Sends data to the other side, over the selected pair or a valid one.
  ///
  /// - Returns: false if there is no pair that data may go over.
  @discardableResult
  public mutating func send(_ text: String, from party: Party) -> Bool {
    send(Array(text.utf8), from: party)
  }

  /// Sends bytes to the other side, over the selected pair or a valid one.
  ///
  /// - Returns: false if there is no pair that data may go over.
  @discardableResult
  public mutating func send(_ data: [UInt8], from party: Party) -> Bool {
    network.tell(host(party), AgentEndpoint.self) { endpoint, now, generator in
      endpoint.send(data, at: now, using: &generator)
    }
  }

  /// Takes a side to another network: its address changes, and the call is restarted.
  public mutating func move(_ party: Party, to site: CallSite) {
    moveCount += 1
    let drawn = network.site(site, "\(site.name) \(moveCount)")
    network.connect(host(party), behind: drawn.router, link: drawn.hostLink)
  }

  /// Takes a side off its network: it hears and sends nothing any more.
  public mutating func disconnect(_ party: Party) { network.disconnect(host(party)) }

  /// Changes the network while the call lives: an interface comes or goes, a NAT is renumbered.
  public mutating func changeNetwork<Failure: Error>(
    _ change: (inout Network) throws(Failure) -> Void
  ) throws(Failure) {
    try change(&network)
  }

  /// Tells a side's program something.
  mutating func tell(
    _ party: Party, _ event: (inout AgentEndpoint, Instant, inout SeededGenerator) -> Void
  ) {
    network.tell(host(party), AgentEndpoint.self) { endpoint, now, generator in
      event(&endpoint, now, &generator)
    }
  }

  /// What a source of media begins with, decided by the seed.
  mutating func drawnStart() -> RTPStart { RTPStart(using: &generator) }

  // MARK: - How it went

  /// What the two have told each other by signals, as far as it was traced, in the order of sending.
  public var signalLadder: SignalLadder {
    // The order of those that were sent at one time stays.
    let order = sentSignals.indices.sorted { left, right in
      (sentSignals[left].time, left) < (sentSignals[right].time, right)
    }
    return SignalLadder(order.map { sentSignals[$0] })
  }

  /// What a side has heard of the other by signals, as far as it was traced, the earliest first.
  public func signals(heardBy party: Party) -> [Signal] { heardSignals[party] ?? [] }

  /// How the call stands.
  public var result: CallResult {
    CallResult(
      alice: side(.alice), bob: side(.bob), packetCount: network.packetCount)
  }

  /// Why each component and each pair of both agents is in its state, as pages of text.
  public var explanation: String {
    Party.allCases.map { party in
      "\(party): \(endpoint(of: party).agent.explanation)"
    }.joined(separator: "\n\n")
  }

  private func side(_ party: Party) -> CallResult.Side {
    let endpoint = endpoint(of: party)
    switch endpoint.agent.state(of: StreamComponent()) {
    case .selected(let id):
      guard let pair = endpoint.agent.validPair(id), let time = endpoint.selectionTime else {
        return .unfinished
      }
      return .selected(local: pair.local.type, remote: pair.remote.type, time)
    case .failed(let reason): return .failed(reason)
    default: return .unfinished
    }
  }
}
