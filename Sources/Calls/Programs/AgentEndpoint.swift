import Gathering
public import ICE
public import IPPacket
public import Media
import STUNCodec
public import SansIO
public import Simulator
public import TransportAddress

/// An ICE agent on a host, with its sockets, its STUN and TURN clients, and what it has to signal.
///
/// ```
///              gathers and trickles            selected
///   offer ─────────────────────────▶ checks ──────────────▶ data
///     ▲                                                       │
///     └── restart ◀── another network, at either end ─────────┘
/// ```
/// It gathers from each address of its host, that of the default route first. The network is its driver
/// for packets and time; ``Call`` carries its signals.
public struct AgentEndpoint: Endpoint {
  /// Who begins a call.
  public enum Party: Hashable, Sendable, CaseIterable {
    /// Makes offers, and controls.
    case caller
    /// Answers them.
    case callee
  }

  /// Data of the other agent's that has come.
  public struct Received: Hashable, Sendable {
    /// When it came.
    public let time: Instant
    /// What came.
    public let data: [UInt8]
  }

  /// A signal that is to be sent, and since when.
  struct Outgoing: Sendable {
    let time: Instant
    let signal: Signal
  }

  /// Its part in the call.
  public let party: Party
  /// Whether it restarts when the other's consent has expired (RFC 7675 §5.1); otherwise that is the end.
  public let restartsWhenLost: Bool
  /// The servers that it asks for candidates.
  public let servers: CallServers
  /// Whether it signals candidates as it finds them (RFC 8838).
  public let trickles: Bool
  /// The agent.
  public internal(set) var agent: ICEAgent
  /// When a pair was selected last; nil before that and after a restart.
  public internal(set) var selectionTime: Instant?
  /// Whether it has asked the caller for a restart, and no offer has come yet.
  public internal(set) var awaitsOffer = false
  /// The data that have come, the earliest first; those of a call's media are not among them.
  public internal(set) var received: [Received] = []
  /// What it sends and hears in a call; nil before it is told to talk.
  public internal(set) var media: MediaStream?

  /// Eight ports, one for each generation: what the one before has in use goes on.
  static let firstPort: UInt16 = 5000
  static let portCount: UInt16 = 8
  /// The port of this generation; nil before there is one.
  var port: UInt16?

  /// The host's addresses, that of the default route first; none while it is in no network, and before
  /// the program has been told of any.
  var addresses: [IPAddress] = []
  /// Whether it has been told of its addresses.
  var hasBegun = false
  /// The gatherers of this generation and of the one before, one for each address, the latest last.
  var gatherers: [BaseGatherer] = []
  /// The gatherers that are still to start, by their bases: one transaction begins in each Ta.
  var starts: [(base: TransportAddress, time: Instant)] = []
  /// The bases of this generation that will have no more candidates.
  var finishedBases: Set<TransportAddress> = []
  /// Whether this generation will have no more candidates.
  var hasFinishedGathering = false
  /// The number of the latest offer; nil before the first.
  var offerNumber: Int?
  var outbox = ActionQueue<Outgoing>()
  /// What is signaled once gathering has finished; nil if all goes out at once.
  var held: [Signal]?
  /// The offer that is answered once gathering has finished; nil if there is none.
  var unanswered: (number: Int, description: RemoteDescription)?
  var actions = ActionQueue<EndpointAction>()
  /// Since when the agent has something to do that needs a generator.
  private var unsettled: Instant?

  /// An agent with new credentials.
  ///
  /// - Parameter role: its first role; nil for that of its party.
  /// - Throws: for a configuration that cannot be obeyed.
  public init(
    _ party: Party, servers: CallServers, role: AgentRole? = nil, trickling: Trickling = .full,
    configuration: ICEConfiguration = .init(), restartsWhenLost: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) throws(AgentError) {
    self.party = party
    self.servers = servers
    self.restartsWhenLost = restartsWhenLost
    trickles = trickling.isUsed(by: party)
    agent = try ICEAgent(
      role: role ?? (party == .caller ? .controlling : .controlled),
      configuration: configuration, using: &generator)
  }

  /// The ports that it has, one for each generation in turn.
  public var ports: [UInt16] { Array(Self.firstPort..<Self.firstPort + Self.portCount) }

  /// When the agent or one of its clients has something to do.
  public var nextDeadline: Instant? {
    var next = [unsettled, agent.nextDeadline, media?.nextDeadline].compactMap { $0 }.min()
    for gatherer in gatherers {
      guard let deadline = gatherer.nextDeadline else { continue }
      next = next.map { min($0, deadline) } ?? deadline
    }
    for (_, time) in starts { next = next.map { min($0, time) } ?? time }
    return next
  }

  // MARK: - Events

  /// Does nothing: its addresses are told at once.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {}

  /// Takes a datagram: a server's, a check, a response or data.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    if let index = gatherers.firstIndex(where: { $0.base == local }), gatherers[index].asks(source)
    {
      let relayed = gatherers[index].relayed
      let arrived = gatherers[index].received(payload, from: source, at: now, using: &generator)
      if let arrived, let relayed {
        take(
          payload.extracting(arrived.data), from: arrived.peer, to: relayed, at: now,
          using: &generator)
      }
    } else {
      take(payload, from: source, to: local, at: now, using: &generator)
    }
    settle(at: now, using: &generator)
  }

  /// Takes what has happened on the connection to a relay.
  public mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    guard let index = gatherers.firstIndex(where: { $0.base == flow.local }) else { return }
    let arrived = gatherers[index].streamChanged(
      event.atRelay, with: flow.remote, at: now, using: &generator)
    for (data, peer) in arrived {
      guard let relayed = gatherers[index].relayed else { continue }
      take(data.span, from: peer, to: relayed, at: now, using: &generator)
    }
    settle(at: now, using: &generator)
  }

  /// Takes an ICMP error: the address that it is about cannot be reached.
  public mutating func received(_ error: ICMPError, at now: Instant) {
    agent.unreachable(error.embedded.destination, from: error.embedded.source, at: now)
    unsettled = now
  }

  /// Does what is due.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    gatheringTimerFired(at: now, using: &generator)
    agent.timerFired(at: now, using: &generator)
    mediaTimerFired(at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  /// The next datagram to send, or what is worth noting.
  public mutating func nextAction() -> EndpointAction? { actions.next() }

  /// Sends data to the other agent.
  ///
  /// - Returns: false if there is no pair that data may go over.
  public mutating func send(
    _ data: [UInt8], at now: Instant, using generator: inout SeededGenerator
  ) -> Bool {
    guard let pair = agent.pair() else { return false }
    send(data, from: pair.base, to: pair.remote.address, at: now, using: &generator)
    settle(at: now, using: &generator)
    return true
  }

  // MARK: - Inside

  /// Hands bytes to the agent, and keeps them if they are data.
  private mutating func take(
    _ bytes: Span<UInt8>, from source: TransportAddress, to base: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    let arrival = agent.received(bytes, from: source, to: base, at: now, using: &generator)
    guard case .data = arrival else { return }
    let kind = PacketKind(bytes.bytes as RawSpan)
    if media != nil, kind == .rtp || kind == .rtcp {
      media?.received(bytes, at: now)
    } else {
      received.append(Received(time: now, data: bytes.bytes))
    }
  }

  /// Does what the agent and its gatherers want done, until they want nothing.
  mutating func settle(at now: Instant, using generator: inout SeededGenerator) {
    unsettled = nil
    var isBusy = true
    while isBusy {
      isBusy = false
      while let action = agent.nextAction() {
        isBusy = true
        perform(action, at: now, using: &generator)
      }
      for index in gatherers.indices {
        while let action = gatherers[index].nextAction() {
          isBusy = true
          perform(action, of: index, at: now)
        }
      }
    }
  }
}
