public import ICE
import STUN
import STUNCodec
public import SansIO
public import TURN
public import TransportAddress

/// One socket's address, and the candidates that are found through it (RFC 8445 §5.1.1).
///
/// ```
///   started ─▶ host
///         ├─────▶ Binding request ─▶ server-reflexive ──────────────┐
///         └─ Ta ─▶ Allocate ─▶ 401 ─▶ Allocate ─▶ relayed ──────────┼─▶ finished
///                    └─ 2 s without any answer ─▶ TCP ─▶ TLS, as above ┘
/// ```
/// It stays for as long as its socket is used: what goes over the relay goes through it.
public struct BaseGatherer: Sendable {
  /// What is to be done now, or has been found out.
  public enum Action: Hashable, Sendable {
    /// Send these bytes from the base.
    case send([UInt8], to: TransportAddress)
    /// Begin a connection from the base's address to this server; there is one at a time.
    case connect(to: TransportAddress, over: RelayTransport)
    /// Send bytes over the connection to this server.
    case write([UInt8], to: TransportAddress)
    /// End the connection to this server, if it is still there.
    case disconnect(from: TransportAddress)
    /// There is a candidate.
    case found(GatheredCandidate)
    /// The relay does not send to this address: its server refuses it.
    case refused(IPAddress)
    /// A server has given no candidate, or its allocation is over.
    case failed(server: TransportAddress, ServerFailure)
    /// There will be no more candidates.
    case finished
    /// The allocation was given back, or there is none.
    case released
  }

  /// The socket's own address.
  public let base: TransportAddress

  private let localPreference: UInt16
  private let relayOnly: Bool
  private let stunServer: TransportAddress?
  /// The STUN client until it is done.
  private var stun: STUNClient?
  private var relay: RelayClient
  /// The servers of the relay, of which late datagrams may come.
  private let relayServers: Set<TransportAddress>
  private var hasReflexive = false
  private var hasFinished = false
  private var keepalive: Instant?
  private var actions = ActionQueue<Action>()

  /// How often a mapping of the NAT's is refreshed that nothing else goes through (RFC 8445 §11).
  private static var keepaliveInterval: Duration { ICEConstants.keepaliveInterval }

  /// A gatherer of a base, which asks servers of its family.
  ///
  /// - Throws: for a user that no TURN server can have.
  public init(
    base: TransportAddress, localPreference: UInt16 = ICEConstants.highestLocalPreference,
    servers: GatheringServers
  ) throws(TURNConfigurationError) {
    self.base = base
    self.localPreference = localPreference
    relayOnly = servers.relayOnly
    let family = base.address.family
    stunServer =
      servers.relayOnly ? nil : servers.stun.first { $0.address.family == family }
    stun = stunServer.map { STUNClient(server: $0) }
    let relays = servers.relays.filter { $0.server.address.family == family }
    relayServers = Set(relays.map(\.server))
    relay = try RelayClient(relays, family: family)
  }

  /// The relayed transport address; nil while there is none.
  public var relayed: TransportAddress? { relay.relayed }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? {
    [stun?.nextDeadline, relay.nextDeadline, keepalive].compactMap(\.self).min()
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  /// Whether an address is that of a server of the gatherer's.
  public func asks(_ source: TransportAddress) -> Bool {
    source == stunServer || relayServers.contains(source)
  }

  /// How many transactions it begins with, one in each Ta.
  public var transactionCount: Int { (stun == nil ? 0 : 1) + (relay.isSettled ? 0 : 1) }

  /// How much longer than one server it may take, as further ways to a relay are tried.
  public var furtherPatience: Duration { RelayClient.patience * relay.furtherWayCount }

  // MARK: - Events

  /// Gathering begins, with the host candidate.
  public mutating func started(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    found(.host(base, localPreference: localPreference))
    do throws(TransactionError) {
      try stun?.request(at: now, using: &generator)
    } catch {
      // It is the client's first request, and has no attributes.
      stun = nil
    }
    if transactionCount > 0 { keepalive = now.advanced(by: Self.keepaliveInterval) }
    // One request in each Ta (RFC 8445 §14.2).
    relay.scheduled(
      for: stun == nil ? now : now.advanced(by: ICEConstants.pacing), at: now)
    timerFired(at: now, using: &generator)
  }

  /// The deadline has come.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    relay.timerFired(at: now, using: &generator)
    stun?.timerFired(at: now)
    if let due = keepalive, due <= now {
      keepalive = now.advanced(by: Self.keepaliveInterval)
      keepAlive(using: &generator)
    }
    settle()
  }

  /// A pair is selected: its own checks keep the mappings alive from now on.
  public mutating func keepalivesEnded() { keepalive = nil }

  /// Whatever has not answered by now is not waited for any longer.
  public mutating func gatheringEnded() {
    if stun != nil { stunEnded(nil) }
    relay.gatheringEnded()
    settle()
  }

  /// Takes a datagram of one of the servers.
  ///
  /// - Returns: which of the bytes are data of a peer that came over the relay.
  public mutating func received(
    _ bytes: Span<UInt8>, from server: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> (data: Range<Int>, peer: TransportAddress)? {
    defer { settle() }
    // One server may do both: each client knows its own transactions.
    if server == stunServer {
      stun?.received(bytes, from: server, at: now, using: &generator)
    }
    return relay.received(bytes, from: server, at: now, using: &generator)
  }

  /// Something has happened on the connection to a TURN server.
  ///
  /// - Returns: data of peers that came over the relay.
  public mutating func streamChanged(
    _ event: RelayStreamEvent, with server: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> [(data: [UInt8], peer: TransportAddress)] {
    guard server == relay.server else { return [] }
    defer { settle() }
    return relay.streamChanged(event, at: now, using: &generator)
  }

  // MARK: - The relay

  /// Lets peers with these addresses send to the relayed transport address (RFC 8656 §9).
  public mutating func permit(
    _ addresses: [IPAddress], at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    relay.permit(
      addresses.filter { $0.family == base.address.family }, at: now, using: &generator)
    settle()
  }

  /// Sends data to a peer over the relay.
  public mutating func relay(
    _ data: [UInt8], to peer: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    relay.send(data, to: peer, at: now, using: &generator)
    settle()
  }

  /// Gives the relayed address back.
  public mutating func released(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    relay.released(at: now, using: &generator)
    settle()
  }

  // MARK: - Inside

  /// A Binding indication to each server refreshes the NAT's mappings to them.
  private mutating func keepAlive(using generator: inout some RandomNumberGenerator) {
    var servers: [TransportAddress] = []
    for server in [stunServer, relay.transport == .udp ? relay.server : nil] {
      if let server, !servers.contains(server) { servers.append(server) }
    }
    for server in servers {
      let message = try? STUNMessage.encode(
        MessageType(.indication, .binding), transactionID: .random(using: &generator)
      ) { (_: inout STUNMessageBuilder) throws(STUNEncodingError) in }
      if let message { actions.append(.send(message, to: server)) }
    }
  }

  private mutating func settle() {
    while let action = stun?.nextAction() {
      switch action {
      case .send(let bytes, let server): actions.append(.send(bytes, to: server))
      case .finished(_, .success(let response)):
        stunEnded((try? response.xorMappedAddress) ?? nil)
      case .finished: stunEnded(nil)
      }
    }
    while let action = relay.nextAction() { perform(action) }
    if stun == nil, relay.isSettled, !hasFinished {
      hasFinished = true
      actions.append(.finished)
    }
  }

  private mutating func perform(_ action: RelayClient.Action) {
    switch action {
    case .send(let bytes, let server): actions.append(.send(bytes, to: server))
    case .connect(let server, let transport):
      actions.append(.connect(to: server, over: transport))
    case .write(let bytes, let server): actions.append(.write(bytes, to: server))
    case .disconnect(let server): actions.append(.disconnect(from: server))
    case .allocated(let addresses, let server, let transport):
      allocated(addresses, server, isSeenByUDP: transport == .udp)
    case .leftDatagrams:
      // Nothing lets UDP out: the STUN server's answer will not come either.
      if stun != nil { stunEnded(nil) }
    case .refused(let address): actions.append(.refused(address))
    case .failed(let server, let failure): actions.append(.failed(server: server, failure))
    case .released: actions.append(.released)
    }
  }

  private mutating func found(_ candidate: GatheredCandidate) {
    var candidate = candidate
    if relayOnly {
      guard candidate.type == .relayed else { return }
      // Its mapped address would tell the peer what relayed-only is to hide.
      candidate.relatedAddress = nil
    }
    actions.append(.found(candidate))
  }

  private mutating func stunEnded(_ mapped: TransportAddress?) {
    stun = nil
    if let mapped {
      hasReflexive = true
      found(
        .serverReflexive(mapped, base: base, server: stunServer, localPreference: localPreference))
    } else if let stunServer {
      actions.append(.failed(server: stunServer, .noAddress))
    }
  }

  private mutating func allocated(
    _ addresses: TURNClient.AllocatedAddresses, _ server: TransportAddress, isSeenByUDP: Bool
  ) {
    guard let relayed = relay.relayed else { return }
    // What the TURN server saw is a server-reflexive candidate as well (RFC 8445 §5.1.1.2). A STUN
    // server that is slow or silent is not waited for; what it says later may be redundant.
    if let mapped = addresses.mapped, isSeenByUDP, !hasReflexive {
      hasReflexive = true
      found(
        .serverReflexive(mapped, base: base, server: server, localPreference: localPreference))
    }
    found(
      .relayed(
        relayed, mapped: addresses.mapped ?? base, server: server,
        localPreference: localPreference))
  }
}
