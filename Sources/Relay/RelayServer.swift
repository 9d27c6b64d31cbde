public import STUN
internal import STUNCodec
internal import SansIO
public import Signaling
public import Sockets
public import TLS
public import TURN
public import TransportAddress

/// A STUN and TURN server on real sockets: the driver of `TURNServer` and `BindingServer`.
///
///     clients ── listening sockets ─┐            ┌─ a socket for each relayed address ── peers
///             ── TCP, TLS ──────────┤            │
///                                   ▼            ▼
///                                 one SocketLoop, one buffer
///                                   │ verdicts, actions
///                                   ▼
///                     TURNServer · BindingServer, if there are two addresses
///
/// Datagrams come in many at a time. A header is written into the room before their data, or skipped, and
/// what then stands there is put beside what else leaves by the same socket, to leave by one system call.
/// Clients over TCP and TLS have a buffer each for the frame that has not come whole.
public struct RelayServer: ~Copyable {
  /// Something that the server's owner may want to know.
  public enum Report: Sendable {
    /// What happened to an allocation; of one that is over, with what went through it.
    case turn(TURNServer.Event, Traffic?)
    /// A socket for a relayed transport address could not be opened; others are tried.
    case notOpened(TransportAddress, SocketError)
    /// So many refusals were not reported, as there were too many.
    case leftOut(Int)
    /// The server's figures, as often as ``RelayServer/figuresInterval`` says.
    case figures(RelayFigures)
    /// Something about signaling, and the client whom it concerns.
    case signaling(SignalingServer.Event, TransportAddress?)
  }

  /// Why a server has stopped serving for now.
  public enum Pause: Hashable, Sendable {
    /// The stop descriptor is readable.
    case signaled
    /// It was to serve until its last allocation ends, and has.
    case drained
  }

  /// Where TLS is served, and with which certificate.
  public struct Secure: Sendable {
    /// Where to listen.
    public var addresses: [TransportAddress]
    /// A server's context.
    public var context: TLSContext

    /// These addresses with this certificate.
    public init(at addresses: [TransportAddress], _ context: TLSContext) {
      (self.addresses, self.context) = (addresses, context)
    }
  }

  /// Where UDP is listened at, with the ports that the kernel chose.
  public let addresses: [TransportAddress]
  /// Where TCP is listened at.
  public let streamAddresses: [TransportAddress]
  /// Where TLS is listened at.
  public let secureAddresses: [TransportAddress]
  /// Connections of clients that are over or were refused, by reason.
  public internal(set) var connectionEnds = DropCounts<ConnectionEnd>()
  /// Data for clients that did not take what waited for them already.
  public internal(set) var undeliveredCount = 0
  /// How often the figures are reported; nil for never.
  public var figuresInterval: Duration?

  var loop: SocketLoop
  var turn: TURNServer
  var bindings: BindingServer?
  var bindingLimit: SourceLimit
  /// TLS handshakes, which cost this machine more than the client.
  var handshakes: SourceLimit
  var refusals = RefusalLimit()
  var generator = SystemRandomNumberGenerator()
  let listeners: Listeners
  var ports: [SocketID: RelayedPort] = [:]
  var portsByAddress: [EndpointKey: RelayedPort] = [:]
  var finished = Traffic()
  var streamListeners: [SocketID: ClientListener]
  let limits: ConnectionLimits
  var clients = ClientStreams()
  /// Of TCP allocations.
  var peerStreams = PeerStreams()
  var streamTimers = DeadlineQueue<SocketID>()
  let memory = StreamMemory()
  var counts = ServerCounts()
  /// When the figures were reported last.
  var lastFigures: Instant?
  /// Until when allocations are waited for; nil unless the server is being drained.
  var drainDeadline: Instant?
  let passOn: (StreamSocket, TLSContext?) -> Bool
  var signaling: SignalingClients

  /// Where signaling is listened at, by WebSocket over TCP.
  public var signalingAddresses: [TransportAddress] { signaling.addresses }

  /// Opens the listening sockets.
  ///
  /// - Parameters:
  ///   - addresses: where to listen for UDP, and for TCP at the same ports.
  ///   - secure: where to listen for TLS besides.
  ///   - signaling: where to listen for members of signaling rooms.
  ///   - discovery: the two addresses of behavior discovery; all four endpoints are listened at.
  ///   - limits: what clients over TCP and TLS may have.
  ///   - stop: a descriptor that is readable once it is enough.
  /// - Throws: `SocketError` where a socket cannot be opened.
  public init(
    listeningAt addresses: [TransportAddress], secure: Secure? = nil,
    signaling signalingAddresses: [TransportAddress] = [],
    discovery: BindingServer.Addresses? = nil, _ configuration: TURNServer.Configuration,
    authenticator: Authenticator, limits: ConnectionLimits = .init(), stop: Int32? = nil
  ) throws(SocketError) {
    try self.init(
      listeningAt: addresses, secure: secure, signaling: signalingAddresses, discovery: discovery,
      configuration, authenticator: authenticator, limits: limits, stop: stop, ThreadPart())
  }

  /// Opens the listening sockets of a server that may be one of several threads'.
  init(
    listeningAt addresses: [TransportAddress], secure: Secure? = nil,
    signaling signalingAddresses: [TransportAddress] = [], discovery: BindingServer.Addresses?,
    _ configuration: TURNServer.Configuration, authenticator: Authenticator,
    limits: ConnectionLimits, stop: Int32?, _ part: ThreadPart
  ) throws(SocketError) {
    passOn = part.passOn
    var configuration = configuration
    configuration.canSetDontFragment = true
    configuration.relaysTCP = true
    turn = TURNServer(
      configuration, authenticator: authenticator, sharing: part.allocations, using: &generator)
    turn.reportsEvents = true
    let allowances = configuration.limits
    bindingLimit = SourceLimit(
      perSecond: allowances.unprovenResponsesPerSecond,
      burst: allowances.unprovenResponsesAtOnce, key: generator.next())
    handshakes = SourceLimit(
      perSecond: limits.handshakesPerSecond, burst: limits.handshakesAtOnce,
      key: generator.next())
    bindings = discovery.map { BindingServer($0) }
    self.limits = limits
    loop = SocketLoop(
      stop: stop, headroom: TURNServer.headroom, tailroom: TURNServer.tailroom,
      batch: Self.batch, start: part.start)
    var listeners = Listeners()
    var streams = StreamListeners()
    for address in addresses {
      try listeners.open(address, and: &streams, in: &loop)
    }
    if part.joins.isEmpty {
      for address in discovery?.others(than: listeners.addresses) ?? [] {
        try listeners.open(address, in: &loop)
      }
    }
    for address in part.joins { try listeners.open(address, joins: true, in: &loop) }
    if part.isJoined { try listeners.share() }
    for address in secure?.addresses ?? [] {
      try streams.open(address, secure?.context, in: &loop)
    }
    var signaling = SignalingClients()
    for address in signalingAddresses { try signaling.open(address, in: &loop) }
    self.signaling = signaling
    self.listeners = listeners
    self.addresses = listeners.addresses
    streamListeners = streams.byID
    streamAddresses = streams.plainAddresses
    secureAddresses = streams.secureAddresses
  }

  /// The number of allocations now.
  public var allocationCount: Int { turn.allocationCount }

  /// What went through all allocations.
  public var traffic: Traffic {
    let started = ports.values.reduce(into: finished) { $0 += $1.traffic }
    return peerStreams.listeners.values.reduce(into: started) { $0 += $1.traffic }
  }

  /// Datagrams and messages that came to nothing, by reason.
  public var drops: DropCounts<TURNServer.DropReason> { turn.drops }

  /// How many datagrams one system call receives.
  private static var batch: Int { 64 }

  /// Serves until the stop descriptor is readable, and ends the connections of its clients.
  ///
  /// - Throws: `SocketError` where the kernel refuses to wait or to receive.
  public mutating func run(_ report: (Report) -> Void) throws(SocketError) {
    _ = try serve(report)
    finish(report)
  }

  /// Serves until there is something to decide; calling it again goes on.
  ///
  /// - Throws: `SocketError` where the kernel refuses to wait or to receive.
  public mutating func serve(_ report: (Report) -> Void) throws(SocketError) -> Pause {
    while true {
      act(report)
      if isDrained { return .drained }
      settleUnsent()
      switch try loop.wait(before: nextDeadline) {
      case .event(.received(let arrival, let id)): received(arrival, on: id)
      case .event(.failed(let failure, let id)): failed(failure, on: id)
      case .event(.deadline):
        turn.timerFired(at: loop.now)
        streamTimersFired(at: loop.now)
        signaling.timerFired(in: &loop, report)
        reportFigures(report)
      case .event(.stopped): return .signaled
      case .ready(let id, let readiness) where signaling.has(id):
        signaling.ready(id, readiness, in: &loop, report)
      case .ready(let id, let readiness): ready(id, readiness)
      }
    }
  }

  /// Reports what was left out, and ends the connections of clients.
  public mutating func finish(_ report: (Report) -> Void) {
    if let count = refusals.takeLeftOut() { report(.leftOut(count)) }
    loop.flush()
    settleUnsent()
    closeStreams()
  }
}

extension BindingServer.Addresses {
  /// Those of the four endpoints that are not listened at anyway.
  fileprivate func others(than listening: [TransportAddress]) -> [TransportAddress] {
    guard let alternate else { return [] }
    return [
      primary, TransportAddress(primary.address, port: alternate.port),
      TransportAddress(alternate.address, port: primary.port), alternate,
    ].filter { !listening.contains($0) }
  }
}
