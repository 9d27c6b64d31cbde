internal import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// TCP connections with peers (RFC 6062 §4).
///
///     connect ─▶ Connect ──success──▶ .opened ──┐
///                   └─446, 447, 403─▶ .failed   ├─▶ TURNDataConnection: ConnectionBind, then bytes
///     ConnectionAttempt ────────────▶ .attempted┘
extension TURNClient {
  /// What happens to TCP connections with peers.
  public enum ConnectionEvent: Hashable, Sendable {
    /// The server has connected to the peer; the connection with this ID can be bound for 30 seconds.
    case opened(UInt32, TransportAddress)
    /// The peer has connected to the relayed transport address; the connection with this ID can be
    /// bound for 30 seconds.
    case attempted(UInt32, TransportAddress)
    /// The server has not connected to the peer: 403 its policy, 446 there is a connection, 447 the
    /// peer does not answer, 508 there are too many.
    case failed(TransportAddress, PeerFailure)
  }

  /// Why the server is not asked for a connection with a peer.
  public enum ConnectFailure: Hashable, Sendable {
    /// There is no TCP allocation, or not any more.
    case noAllocation
    /// The allocation has no address of the peer's family.
    case familyMismatch
    /// The server is being asked for it already (RFC 6062 §4.3).
    case underWay
    /// It has failed less than ten seconds ago (RFC 6062 §4.3).
    case tooEarly(until: Instant)
  }

  /// How many peers that have failed are remembered: those whose time is over are forgotten first.
  private static var failedPeerLimit: Int { 1024 }

  /// Asks the server to connect to a peer from the relayed transport address.
  ///
  /// - Returns: why it is not asked; nil if it is.
  public mutating func connect(
    to peer: TransportAddress, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> ConnectFailure? {
    guard options.transport == .tcp, case .allocated(let addresses, _) = state else {
      return .noAllocation
    }
    guard addresses.relayed.contains(where: { $0.address.family == peer.address.family }) else {
      return .familyMismatch
    }
    guard attempts[.connect(peer)] == nil else { return .underWay }
    if let until = connectPauses[peer], until > now { return .tooEarly(until: until) }
    begin(.connect(peer))
    work(at: now, using: &generator)
    return nil
  }

  /// What binds a further connection of this client's to a peer's: with the same user, to the same
  /// server; nil without an allocation.
  public func dataConnection(_ id: UInt32) -> TURNDataConnection? {
    guard allocated != nil else { return nil }
    return TURNDataConnection(id, server: server, session: session)
  }

  // MARK: - From the server

  /// Connect has succeeded.
  mutating func connected(_ peer: TransportAddress, _ message: STUNMessageView) {
    guard let id = (try? message.connectionID) ?? nil else {
      return report(.failed(peer, .error(.badRequest)))
    }
    report(.opened(id, peer))
  }

  /// Connect has failed.
  mutating func connectFailed(_ peer: TransportAddress, _ failure: PeerFailure, at now: Instant) {
    if failure == .error(.connectionTimeoutOrFailure) {
      if connectPauses.count >= Self.failedPeerLimit {
        connectPauses = connectPauses.filter { $0.value > now }
      }
      if connectPauses.count < Self.failedPeerLimit {
        connectPauses[peer] = now.advanced(by: TURNConstants.connectPause)
      }
    }
    report(.failed(peer, failure))
  }

  /// A ConnectionAttempt indication (RFC 6062 §4.4).
  mutating func connectionAttempt(_ message: STUNMessageView, at now: Instant) -> Incoming {
    guard options.transport == .tcp, allocated != nil else { return .dropped(.notForClients) }
    let id: UInt32?
    let peer: TransportAddress?
    do throws(STUNDecodingError) {
      (id, peer) = (try message.connectionID, try message.xorPeerAddress)
    } catch {
      return .dropped(.malformedIndication)
    }
    guard let id, let peer, !message.hasUnknownRequirement else {
      return .dropped(.malformedIndication)
    }
    guard peers.isPermitted(peer.address, at: now) else { return .dropped(.noPermission) }
    report(.attempted(id, peer))
    return .handled
  }

  private mutating func report(_ event: ConnectionEvent) {
    actions.append(.report(.connection(event)))
  }
}
