public import Gathering
public import ICE
import MulticastDNS
public import SansIO
import TURN
public import TransportAddress

/// An ICE agent with one component, and all that gathers candidates for it, without input or output.
///
/// ```
///   started ─▶ candidates ─▶ gatheringFinished ─▶ (descriptions are exchanged) ─▶ checks
///                                                                               ─▶ selected ─▶ data
/// ```
/// Its driver (``LiveConnection``) has a socket for each base. Who uses it carries the descriptions:
/// ``localDescription`` is a text, and so is what `remoteDescriptionReceived` takes.
public struct Connection: Sendable {
  /// What is to be done now, or has happened.
  public enum Action: Hashable, Sendable {
    /// Send these bytes from the socket with this address.
    case send([UInt8], from: TransportAddress, to: TransportAddress)
    /// Begin a connection from this base's address, with another port, to a TURN server.
    case connect(from: TransportAddress, to: TransportAddress, over: RelayTransport)
    /// Send these bytes over the base's connection to the server.
    case write([UInt8], from: TransportAddress, to: TransportAddress)
    /// End the base's connection to the server, if it is still there.
    case disconnect(from: TransportAddress, to: TransportAddress)
    /// Send this query of multicast DNS to both groups, by every interface.
    case query([UInt8])
    /// The user is to know this.
    case report(Event)
  }

  /// What has happened.
  public enum Event: Hashable, Sendable {
    /// A candidate has been gathered, which is part of the description.
    case gathered(Candidate)
    /// A server has given no candidate, or its allocation is over.
    case serverFailed(TransportAddress, ServerFailure)
    /// The description is complete.
    case gatheringFinished
    /// ICE is in another state.
    case state(AgentState)
    /// The agent has the other role now (RFC 8445 §7.2.5.1, §7.3.1.1).
    case role(AgentRole)
    /// A check has revealed a candidate that was not signaled.
    case discovered(Candidate, ICEAgent.Discovery)
    /// Multicast DNS has said which address the name in a candidate of the peer's has.
    case resolved(String, IPAddress)
    /// Nothing has said which address a name has: its candidates are left out.
    case unresolved(String)
    /// Data goes over this pair from now on.
    case selected(CandidatePair)
    /// No data may go over the pair any more (RFC 7675).
    case ended(CandidatePair, FailureReason)
    /// The peer has sent data.
    case data([UInt8])
    /// All relayed addresses have been given back.
    case released
  }

  /// How long servers may take to answer before the description is complete without them.
  ///
  /// A dead server costs no more than that: its transaction would take 39.5 s to fail. Where a relay
  /// can be reached in several ways, each further one has two seconds more.
  public static let gatheringPatience: Duration = .seconds(5)

  /// The agent, to look at.
  public internal(set) var agent: ICEAgent
  /// Datagrams that were no STUN and came from an address that is none of the peer's.
  public internal(set) var strangerCount = 0
  /// How many candidates of the peer's have a name instead of an address, and were left out; not those
  /// that still wait for the address.
  public var nameCount: Int { agent.leftOutCandidates.count { $0.reason == .name } }

  /// What asks for the names in the peer's candidates.
  var resolver = MulticastResolver()
  /// The peer's candidates that wait for the address of their name.
  var waiting: [CandidateAttribute] = []
  /// Whether the peer has signaled its last candidate while others waited.
  var hasRemoteEnded = false
  var gatherers: [BaseGatherer]
  /// When each gatherer is to start; nil once it has.
  private var starts: [Instant?]
  var unfinished: Int
  var gatheringEnd: Instant?
  var unreleased: Int?
  var actions = ActionQueue<Action>()

  /// A connection that gathers through these bases, the preferred one first.
  ///
  /// - Parameters:
  ///   - bases: the addresses of the driver's sockets, of both families in turn if they can be
  ///     (RFC 8421 §4).
  ///   - sources: the addresses that servers are asked from; nil for all. Those that have no way to a
  ///     server would only hold the description up.
  /// - Throws: for a user that no TURN server can have, and for a configuration that cannot be obeyed.
  public init(
    role: AgentRole, bases: [TransportAddress], servers: GatheringServers,
    askingFrom sources: Set<IPAddress>? = nil, configuration: ICEConfiguration = .init(),
    using generator: inout some RandomNumberGenerator
  ) throws(ConnectionError) {
    do throws(AgentError) {
      agent = try ICEAgent(role: role, configuration: configuration, using: &generator)
    } catch {
      throw .agent(error)
    }
    let unasked = GatheringServers(relayOnly: servers.relayOnly)
    gatherers = []
    for (index, base) in bases.prefix(1 << 15).enumerated() {
      do throws(TURNConfigurationError) {
        gatherers.append(
          try BaseGatherer(
            base: base, localPreference: ICEConstants.highestLocalPreference - UInt16(index),
            servers: sources?.contains(base.address) ?? true ? servers : unasked))
      } catch {
        throw .turn(error)
      }
    }
    starts = gatherers.map { _ in nil }
    unfinished = gatherers.count
  }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? {
    let gathering = gatherers.compactMap(\.nextDeadline) + starts.compactMap(\.self)
    let others = [agent.nextDeadline, gatheringEnd, resolver.nextDeadline]
    return (gathering + others.compactMap(\.self)).min()
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Descriptions

  /// What the peer is to be told: credentials and candidates (RFC 8839 §4).
  public var localDescription: ICEDescription {
    // UDP with bytes of no further kind.
    agent.localDescription(media: ["application 9 udp octet-stream"])
  }

  /// The peer's description has come: checks begin.
  ///
  /// Candidates whose addresses are names of multicast DNS join once these are resolved; those with other
  /// names are left out, and counted in ``nameCount``.
  /// - Throws: ``ConnectionError`` for a description without credentials, or with others than before.
  public mutating func remoteDescriptionReceived(
    _ description: ICEDescription, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) throws(ConnectionError) {
    guard description.remoteDescription != nil else { throw .noCredentials }
    let (rest, lines) = withoutNames(description)
    do throws(AgentError) {
      try agent.remoteDescriptionReceived(rest, at: now)
    } catch {
      throw .agent(error)
    }
    resolve(lines, at: now, using: &generator)
    permitPeers(at: now, using: &generator)
    timerFired(at: now, using: &generator)
  }

  // MARK: - Events

  /// Gathering begins.
  public mutating func started(at now: Instant, using generator: inout some RandomNumberGenerator) {
    var begin = now
    for index in gatherers.indices {
      starts[index] = begin
      begin = begin.advanced(by: ICEConstants.pacing * gatherers[index].transactionCount)
    }
    let further = gatherers.map(\.furtherPatience).max() ?? .zero
    gatheringEnd = begin.advanced(by: Self.gatheringPatience + further)
    timerFired(at: now, using: &generator)
  }

  /// A datagram has come to a base.
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, to base: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    if let index = gatherers.firstIndex(where: { $0.base == base }), gatherers[index].asks(source) {
      // Asked before, as what comes may end the allocation.
      let relayed = gatherers[index].relayed
      let arrived = gatherers[index].received(bytes, from: source, at: now, using: &generator)
      if let arrived, let relayed {
        take(
          bytes.extracting(arrived.data), from: arrived.peer, to: relayed, at: now,
          using: &generator)
      }
    } else {
      take(bytes, from: source, to: base, at: now, using: &generator)
    }
    settle(at: now, using: &generator)
  }

  /// Something has happened on a base's connection to a TURN server.
  public mutating func streamChanged(
    _ event: RelayStreamEvent, from base: TransportAddress, to server: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard let index = gatherers.firstIndex(where: { $0.base == base }) else { return }
    // Asked before, as what comes may end the allocation.
    let relayed = gatherers[index].relayed
    let arrived = gatherers[index].streamChanged(event, with: server, at: now, using: &generator)
    for (data, peer) in arrived {
      guard let relayed = gatherers[index].relayed ?? relayed else { break }
      take(data.span, from: peer, to: relayed, at: now, using: &generator)
    }
    settle(at: now, using: &generator)
  }

  /// An ICMP error has come about what a base has sent (RFC 8445 §7.2.5.2.2).
  public mutating func unreachable(
    _ destination: TransportAddress, from base: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    agent.unreachable(destination, from: base, at: now)
    settle(at: now, using: &generator)
  }

  /// The deadline has come.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    for index in gatherers.indices {
      if let start = starts[index], start <= now {
        starts[index] = nil
        gatherers[index].started(at: now, using: &generator)
        if gatherers[index].transactionCount > 0 { agent.gatheringTransactionBegan(at: now) }
      } else if starts[index] == nil {
        gatherers[index].timerFired(at: now, using: &generator)
      }
    }
    if let end = gatheringEnd, end <= now {
      gatheringEnd = nil
      for index in gatherers.indices { gatherers[index].gatheringEnded() }
    }
    resolver.timerFired(at: now)
    agent.timerFired(at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  /// Sends data to the peer, in one datagram.
  ///
  /// - Parameter data: its first byte must not be 0 to 3, which STUN messages begin with (RFC 7983 §7).
  /// - Returns: false if there is no pair that data may go over.
  public mutating func send(
    _ data: [UInt8], at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Bool {
    guard let pair = agent.pair() else { return false }
    send(data, from: pair.base, to: pair.remote.address, at: now, using: &generator)
    settle(at: now, using: &generator)
    return true
  }

  /// Gives the relayed addresses back; ``Event/released`` follows, at once where there are none.
  public mutating func released(at now: Instant, using generator: inout some RandomNumberGenerator)
  {
    guard unreleased == nil else { return }
    unreleased = gatherers.count
    for index in gatherers.indices { gatherers[index].released(at: now, using: &generator) }
    if gatherers.isEmpty { actions.append(.report(.released)) }
    settle(at: now, using: &generator)
  }
}
