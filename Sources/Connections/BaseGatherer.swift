import ICE
import STUN
import STUNCodec
import SansIO
import TURN
import TransportAddress

/// One socket's address, and the candidates that are found through it (RFC 8445 §5.1.1).
///
/// ```
///   started ─▶ host ─▶ Binding request ─▶ server-reflexive ───────┐
///                  └─▶ Allocate ─▶ 401 ─▶ Allocate ─▶ relayed ────┴─▶ finished
/// ```
/// It stays for as long as its socket is used: what goes over the relay goes through it.
struct BaseGatherer: Sendable {
  enum Action {
    /// Send these bytes from the base.
    case send([UInt8], to: TransportAddress)
    case found(GatheredCandidate)
    /// The relay does not send to this address: its server refuses it.
    case refused(IPAddress)
    case failed(server: TransportAddress, ServerFailure)
    /// There will be no more candidates.
    case finished
    /// The allocation was given back, or there is none.
    case released
  }

  /// The socket's own address.
  let base: TransportAddress
  /// The relayed transport address; nil while there is none.
  private(set) var relayed: TransportAddress?

  private let localPreference: UInt16
  private let stunServer: TransportAddress?
  /// The STUN client until it is done.
  private var stun: STUNClient?
  private var turn: TURNClient?
  /// When the TURN client is to start: gathering sends one request in each Ta (RFC 8445 §14.2).
  private var turnStart: Instant?
  private var isTURNDone: Bool
  private var hasFinished = false
  private var keepalive: Instant?
  private var peers: [IPAddress] = []
  private var actions = ActionQueue<Action>()

  /// How often a mapping of the NAT's is refreshed that nothing else goes through (RFC 8445 §11).
  private static var keepaliveInterval: Duration { ICEConstants.keepaliveInterval }

  /// A gatherer of a base, which asks the first servers of its family.
  ///
  /// - Throws: for a user that no TURN server can have.
  init(
    base: TransportAddress, localPreference: UInt16, servers: ConnectionServers
  ) throws(TURNConfigurationError) {
    self.base = base
    self.localPreference = localPreference
    func isOfFamily(_ server: TransportAddress) -> Bool {
      server.address.family == base.address.family
    }
    stunServer = servers.relayOnly ? nil : servers.stun.first(where: isOfFamily)
    stun = stunServer.map { STUNClient(server: $0) }
    if let relay = servers.relays.first(where: { isOfFamily($0.server) }) {
      turn = try TURNClient(
        server: relay.server, username: relay.username, password: relay.password,
        options: .init(families: .one(base.address.family)))
    }
    isTURNDone = turn == nil
  }

  var nextDeadline: Instant? {
    [stun?.nextDeadline, turn?.nextDeadline, turnStart, keepalive].compactMap(\.self).min()
  }

  mutating func nextAction() -> Action? { actions.next() }

  /// Whether an address is that of a server of the gatherer's.
  func asks(_ source: TransportAddress) -> Bool {
    source == stun?.server || source == turn?.server
  }

  /// How many transactions it begins with, one in each Ta.
  var transactionCount: Int { (stun == nil ? 0 : 1) + (turn == nil ? 0 : 1) }

  // MARK: - Events

  mutating func started(at now: Instant, using generator: inout some RandomNumberGenerator) {
    actions.append(.found(.host(base, localPreference: localPreference)))
    do throws(TransactionError) {
      try stun?.request(at: now, using: &generator)
    } catch {
      // It is the client's first request, and has no attributes.
      stun = nil
    }
    if turn != nil { turnStart = stun == nil ? now : now.advanced(by: ICEConstants.pacing) }
    if transactionCount > 0 { keepalive = now.advanced(by: Self.keepaliveInterval) }
    timerFired(at: now, using: &generator)
  }

  mutating func timerFired(at now: Instant, using generator: inout some RandomNumberGenerator) {
    if let start = turnStart, start <= now {
      turnStart = nil
      turn?.started(at: now, using: &generator)
    }
    stun?.timerFired(at: now)
    turn?.timerFired(at: now, using: &generator)
    if let due = keepalive, due <= now {
      keepalive = now.advanced(by: Self.keepaliveInterval)
      keepAlive(using: &generator)
    }
    settle(at: now, using: &generator)
  }

  /// A pair is selected: its own checks keep the mappings alive from now on.
  mutating func keepalivesEnded() { keepalive = nil }

  /// Whatever has not answered by now is not waited for any longer.
  mutating func gatheringEnded(at now: Instant) {
    guard !hasFinished else { return }
    if let server = stun?.server { actions.append(.failed(server: server, .noAddress)) }
    stun = nil
    turnStart = nil
    if !isTURNDone, let server = turn?.server {
      actions.append(.failed(server: server, .noRelay(.failed(.timedOut))))
      turn = nil
      isTURNDone = true
    }
    finishIfDone()
  }

  /// Takes what one of the servers has sent.
  ///
  /// - Returns: which of the bytes are data of a peer that came over the relay.
  mutating func received(
    _ bytes: Span<UInt8>, from server: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> (data: Range<Int>, peer: TransportAddress)? {
    defer { settle(at: now, using: &generator) }
    // One server may do both: each client knows its own transactions.
    if server == stun?.server {
      stun?.received(bytes, from: server, at: now, using: &generator)
    }
    guard server == turn?.server,
      case .data(let range, let peer) = turn?.received(
        bytes, from: server, at: now, using: &generator)
    else { return nil }
    return (range, peer)
  }

  // MARK: - The relay

  /// Lets peers with these addresses send to the relayed transport address.
  mutating func permit(
    _ addresses: [IPAddress], at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    let new = addresses.filter { $0.family == base.address.family && !peers.contains($0) }
    peers += new
    turn?.permit(new, at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  /// Sends data to a peer over the relay.
  mutating func relay(
    _ data: [UInt8], to peer: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    var buffer: [UInt8] = []
    let outgoing = turn?.send(
      copying: data, into: &buffer, to: peer, at: now, using: &generator)
    if case .send(let range) = outgoing, let server = turn?.server {
      actions.append(.send(Array(buffer[range]), to: server))
    }
    if case .dropped(.refused) = outgoing { actions.append(.refused(peer.address)) }
    settle(at: now, using: &generator)
  }

  /// Gives the relayed address back.
  mutating func released(at now: Instant, using generator: inout some RandomNumberGenerator) {
    guard relayed != nil else {
      turn = nil
      actions.append(.released)
      return
    }
    turn?.released(at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  // MARK: - Inside

  /// A Binding indication to each server refreshes the NAT's mappings to them.
  private mutating func keepAlive(using generator: inout some RandomNumberGenerator) {
    var servers: [TransportAddress] = []
    for server in [stunServer, turn?.server] {
      if let server, !servers.contains(server) { servers.append(server) }
    }
    for server in servers {
      let message = try? STUNMessage.encode(
        MessageType(.indication, .binding), transactionID: .random(using: &generator)
      ) { (_: inout STUNMessageBuilder) throws(STUNEncodingError) in }
      if let message { actions.append(.send(message, to: server)) }
    }
  }

  private mutating func settle(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    while let action = stun?.nextAction() {
      switch action {
      case .send(let bytes, let server): actions.append(.send(bytes, to: server))
      case .finished(_, let outcome): finishedSTUN(outcome)
      }
    }
    while let action = turn?.nextAction() {
      switch action {
      case .send(let bytes, let server): actions.append(.send(bytes, to: server))
      case .report(let event): reported(event, at: now, using: &generator)
      case .changeFiveTuple(let server, _):
        // The socket is the host candidate's as well, and stays.
        actions.append(.failed(server: server, .noRelay(.failed(.refused(.allocationMismatch)))))
        turn = nil
        isTURNDone = true
      }
    }
    finishIfDone()
  }

  private mutating func finishIfDone() {
    guard stun == nil, isTURNDone, !hasFinished else { return }
    hasFinished = true
    actions.append(.finished)
  }

  private mutating func finishedSTUN(_ outcome: STUNClient.Outcome) {
    if case .success(let response) = outcome,
      let mapped = (try? response.xorMappedAddress) ?? nil
    {
      actions.append(
        .found(
          .serverReflexive(
            mapped, base: base, server: stunServer, localPreference: localPreference)))
    } else if let server = stunServer {
      actions.append(.failed(server: server, .noAddress))
    }
    stun = nil
  }

  private mutating func reported(
    _ event: TURNClient.Event, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch event {
    case .allocated(let addresses):
      isTURNDone = true
      guard let relayed = addresses.relayed.first else { return }
      self.relayed = relayed
      // What the server saw is a server-reflexive candidate as well.
      if let mapped = addresses.mapped, stun == nil {
        actions.append(
          .found(
            .serverReflexive(
              mapped, base: base, server: turn?.server, localPreference: localPreference)))
      }
      actions.append(
        .found(
          .relayed(
            relayed, mapped: addresses.mapped ?? base, server: turn?.server,
            localPreference: localPreference)))
      // Peers that were named before there was an allocation.
      turn?.permit(peers, at: now, using: &generator)
    case .ended(.released):
      relayed = nil
      turn = nil
      isTURNDone = true
      actions.append(.released)
    case .ended(let end):
      relayed = nil
      isTURNDone = true
      if let server = turn?.server { actions.append(.failed(server: server, .noRelay(end))) }
      turn = nil
    case .refused(let address, _): actions.append(.refused(address))
    case .permitted, .bound, .unreachable: break
    }
  }
}
