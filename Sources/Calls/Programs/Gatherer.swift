import ICE
import STUN
import STUNCodec
import SansIO
import Simulator
import TURN
import TransportAddress

/// One socket of an agent, and the candidates that are found through it (RFC 8445 §5.1.1).
///
/// ```
///   started ─▶ Binding request ─▶ server-reflexive candidate ──────┐
///         ├─ Ta ─▶ Allocate ─▶ 401 ─▶ Allocate ─▶ relayed candidate ┼─▶ finished
///         └─ 2 s without any answer ─▶ TCP ─▶ Allocate, as above ───┘
/// ```
/// It stays for as long as its socket is used: what goes over the relay goes through it.
struct Gatherer: Sendable {
  enum Action {
    /// Send these bytes from the socket.
    case send([UInt8], to: TransportAddress)
    /// Do something with the connection from the socket's address to this server.
    case stream(StreamAction, to: TransportAddress)
    case found(GatheredCandidate)
    /// The relay does not send to this address: its server refuses it.
    case unreachable(IPAddress)
    /// There will be no more candidates.
    case finished
  }

  /// The socket's own address.
  let base: TransportAddress
  /// The relayed transport address; nil while there is none.
  private(set) var relayed: TransportAddress?

  /// The STUN client until it is done.
  private var stun: STUNClient?
  private var turn: TURNClient?
  /// Whether the TURN server is asked over TCP.
  private var isStream = false
  private var frames = StreamReassembler()
  /// When the TURN server is to be asked over TCP, unless a server has answered by then.
  private var streamStart: Instant?
  private let servers: CallServers
  /// When the TURN client is to start: gathering sends one request in each Ta (RFC 8445 §14.2).
  private var turnStart: Instant?
  private var isTURNDone: Bool
  /// The addresses whose hosts may send to the relayed transport address.
  private var peers: [IPAddress] = []
  private var hasFinished = false
  private var actions = ActionQueue<Action>()

  /// How long UDP may bring no answer: two requests and the time for a response.
  private static var datagramPatience: Duration { .seconds(2) }

  init(base: TransportAddress, servers: CallServers) {
    self.base = base
    self.servers = servers
    stun = servers.stun.map { STUNClient(server: $0) }
    if let server = servers.turn {
      do throws(TURNConfigurationError) {
        turn = try TURNClient(
          server: server, username: servers.username, password: servers.password)
      } catch {
        preconditionFailure("a relay has no such user: \(error)")
      }
    }
    isTURNDone = servers.turn == nil
  }

  var nextDeadline: Instant? {
    [stun?.nextDeadline, turn?.nextDeadline, turnStart, streamStart].compactMap { $0 }.min()
  }

  mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  mutating func started(at now: Instant, using generator: inout SeededGenerator) {
    actions.append(.found(.host(base)))
    turnStart = turn == nil ? nil : now
    if servers.turnStream != nil { streamStart = now.advanced(by: Self.datagramPatience) }
    if stun != nil {
      do throws(TransactionError) {
        try stun?.request(at: now, using: &generator)
      } catch {
        preconditionFailure("a client's first request, without attributes, failed: \(error)")
      }
      turnStart = turnStart?.advanced(by: ICEConstants.pacing)
    }
    timerFired(at: now, using: &generator)
  }

  mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    if let start = turnStart, start <= now {
      turnStart = nil
      turn?.started(at: now, using: &generator)
    }
    if let start = streamStart, start <= now { connect() }
    stun?.timerFired(at: now)
    turn?.timerFired(at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  /// Whether an address is that of a server of the gatherer's.
  func asks(_ source: TransportAddress) -> Bool {
    source == stun?.server || source == turn?.server
  }

  /// Takes what one of the servers has sent.
  ///
  /// - Returns: which of the bytes are data of a peer that came over the relay.
  mutating func received(
    _ bytes: Span<UInt8>, from server: TransportAddress, at now: Instant,
    using generator: inout SeededGenerator
  ) -> (data: Range<Int>, peer: TransportAddress)? {
    streamStart = nil
    defer { settle(at: now, using: &generator) }
    if server == stun?.server {
      stun?.received(bytes, from: server, at: now, using: &generator)
      return nil
    }
    guard
      case .data(let range, let peer) = turn?.received(
        bytes, from: server, at: now, using: &generator)
    else { return nil }
    return (range, peer)
  }

  // MARK: - TCP

  /// No UDP gets through: the relay is asked over TCP, and nothing else.
  private mutating func connect() {
    streamStart = nil
    guard let server = servers.turnStream else { return }
    do throws(TURNConfigurationError) {
      turn = try TURNClient(
        server: server, username: servers.username, password: servers.password, over: .stream())
    } catch {
      preconditionFailure("a relay has no such user: \(error)")
    }
    stun = nil
    isTURNDone = false
    isStream = true
    actions.append(.stream(.open, to: server))
  }

  /// Something has happened on the connection to the relay.
  ///
  /// - Returns: data of peers that came over the relay.
  mutating func streamChanged(
    _ event: StreamEvent, at now: Instant, using generator: inout SeededGenerator
  ) -> [(data: [UInt8], peer: TransportAddress)] {
    guard isStream, let server = turn?.server else { return [] }
    var arrived: [(data: [UInt8], peer: TransportAddress)] = []
    switch event {
    case .opened: turn?.started(at: now, using: &generator)
    case .received(let bytes):
      frames.received(bytes.span.bytes)
      while let frame = try? frames.next() {
        let incoming = turn?.received(frame.span, from: server, at: now, using: &generator)
        if case .data(let range, let peer) = incoming {
          arrived.append((Array(frame[range]), peer))
        }
      }
    case .ended, .closed:
      if event == .ended { actions.append(.stream(.close, to: server)) }
      turn = nil
      relayed = nil
      isTURNDone = true
    }
    settle(at: now, using: &generator)
    return arrived
  }

  /// Sends bytes to the relay, as it is reached.
  private mutating func transmit(_ bytes: [UInt8], to server: TransportAddress) {
    actions.append(isStream ? .stream(.send(bytes), to: server) : .send(bytes, to: server))
  }

  // MARK: - The relay

  /// Lets peers with an address send to the relayed transport address.
  mutating func permit(
    _ address: IPAddress, at now: Instant, using generator: inout SeededGenerator
  ) {
    if !peers.contains(address) { peers.append(address) }
    turn?.permit([address], at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  /// Sends data to a peer over the relay.
  mutating func relay(
    _ data: [UInt8], to peer: TransportAddress, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    var buffer: [UInt8] = []
    let outgoing = turn?.send(
      copying: data, into: &buffer, to: peer, at: now, using: &generator)
    if case .send(let range) = outgoing, let server = turn?.server {
      transmit(Array(buffer[range]), to: server)
    }
    if case .dropped(.refused) = outgoing { actions.append(.unreachable(peer.address)) }
    settle(at: now, using: &generator)
  }

  // MARK: - Inside

  private mutating func settle(at now: Instant, using generator: inout SeededGenerator) {
    while let action = stun?.nextAction() {
      switch action {
      case .send(let bytes, let server): actions.append(.send(bytes, to: server))
      case .finished(_, let outcome): finishedSTUN(outcome)
      }
    }
    while let action = turn?.nextAction() {
      switch action {
      case .send(let bytes, let server): transmit(bytes, to: server)
      case .report(let event):
        reported(event)
        // Peers that were named before there was an allocation.
        if case .allocated = event { turn?.permit(peers, at: now, using: &generator) }
      case .changeFiveTuple:
        // The agent takes another port for each generation, and does without a relay here.
        turn = nil
        isTURNDone = true
      }
    }
    if stun == nil, isTURNDone, !hasFinished {
      hasFinished = true
      actions.append(.finished)
    }
  }

  private mutating func finishedSTUN(_ outcome: STUNClient.Outcome) {
    if case .success(let response) = outcome,
      let mapped = (try? response.xorMappedAddress) ?? nil
    {
      actions.append(.found(.serverReflexive(mapped, base: base, server: stun?.server)))
    }
    stun = nil
  }

  private mutating func reported(_ event: TURNClient.Event) {
    switch event {
    case .allocated(let addresses):
      relayed = addresses.relayed.first
      if let relayed {
        actions.append(
          .found(
            .relayed(relayed, mapped: addresses.mapped ?? base, server: turn?.server)))
      }
      isTURNDone = true
    case .ended:
      relayed = nil
      isTURNDone = true
    case .refused(let address, _): actions.append(.unreachable(address))
    case .permitted, .bound, .unreachable: break
    }
  }
}
