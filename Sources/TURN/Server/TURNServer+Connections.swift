internal import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// TCP allocations: Connect, ConnectionAttempt and ConnectionBind (RFC 6062 §5).
///
///     client ── control connection ──┐ requests    relayed transport address, listening
///                                    ▼             │
///                                 allocation ──────┤
///                                                  ▼
///     client ── data connection ═══ bytes as they are ═══ peer data connection ── peer
///
/// The driver splices the bytes: what comes over a bound data connection is never looked at.
extension TURNServer {
  /// What is to be done now for a TCP allocation.
  public enum ConnectionAction: Hashable, Sendable {
    /// Listen for TCP at this relayed transport address, and let connections to peers leave from the
    /// same port; `opened` or `openFailed` must follow.
    case listen(TransportAddress)
    /// Open a TCP connection from the relayed transport address to a peer; ``connected(_:at:)`` or
    /// ``peerConnectionClosed(_:)`` must follow.
    case connect(UInt32, from: TransportAddress, to: TransportAddress)
    /// Pass bytes on between this connection's peer and the client's connection with this 5-tuple.
    ///
    /// They begin behind the ConnectionBind request in one direction, and with what has come from the
    /// peer so far in the other.
    case splice(UInt32, with: FiveTuple)
    /// Close the connection with the peer, and the client data connection that it is spliced with.
    case close(UInt32)
  }

  // MARK: - Events

  /// A connection that ``ConnectionAction/connect(_:from:to:)`` has asked for is open.
  public mutating func connected(_ id: UInt32, at now: Instant) {
    guard let connection = connections[id],
      case .connecting(let request, let protection) = connection.state
    else { return }
    connections.opened(id)
    timers.set(.connection(id), at: now.advanced(by: TURNConstants.bindingTimeout))
    guard let tuple = clientTuple(of: connection.slot) else { return }
    _ = counted(
      succeed(request.view, by: protection, on: tuple) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(connectionID: id)
      })
  }

  /// A connection with a peer is closed, or could not be opened; the driver has closed the client
  /// data connection, if there is one, with it.
  public mutating func peerConnectionClosed(_ id: UInt32) {
    timers.cancel(.connection(id))
    if let connection = connections.remove(id) { refuseConnect(of: connection) }
  }

  /// A peer has connected to a relayed transport address (RFC 6062 §5.3).
  ///
  /// - Returns: the ID of the connection; nil where it is to be closed at once, as the peer has no
  ///   permission.
  /// - Complexity: O(1) on average.
  public mutating func accepted(
    from peer: TransportAddress, at relayed: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> UInt32? {
    func refuse(_ reason: DropReason) -> UInt32? {
      _ = counted(.drop(reason))
      return nil
    }
    guard let slot = relays[EndpointKey(relayed)], slots[slot].isActive,
      slots[slot].transport == .tcp, let expires = slots[slot][relayed.address.family]?.expires,
      expires > now
    else { return refuse(.unknownRelayedAddress) }
    guard let tuple = clientTuple(of: slot) else { return refuse(.clientAway) }
    guard slots[slot].peers.permits(peer.address, at: now) else { return refuse(.noPermission) }
    guard isReachable(peer, over: .tcp) else { return refuse(.refusedPeer) }
    guard connections.count(of: slot) < configuration.limits.connectionsPerAllocation,
      !connections.has(peer, of: slot)
    else { return refuse(.tooManyConnections) }
    let id = connections.add(
      PeerConnection(slot: slot, peer: peer, relayed: relayed, state: .pending),
      using: &generator)
    timers.set(.connection(id), at: now.advanced(by: TURNConstants.bindingTimeout))
    indicateAttempt(id, from: peer, on: tuple, transaction: .random(using: &generator))
    return id
  }

  /// Whether a client's connection is bound to a peer's: no STUN messages come over it any more.
  ///
  /// - Complexity: O(1).
  public func isDataConnection(_ tuple: FiveTuple) -> Bool {
    connections.id(boundTo: tuple) != nil
  }

  /// The number of TCP connections with peers, with those that are being opened.
  public var peerConnectionCount: Int { connections.count }

  // MARK: - Requests

  /// Connect (RFC 6062 §5.2).
  mutating func connect(
    _ slot: Int, _ message: STUNMessageView, by requester: Requester, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) throws(Refusal) -> Verdict {
    guard slots[slot].transport == .tcp else { throw Refusal(.forbidden) }
    let asked: TransportAddress?
    do throws(STUNDecodingError) {
      asked = try message.xorPeerAddress
    } catch {
      throw Refusal(.badRequest)
    }
    guard let peer = asked else { throw Refusal(.badRequest) }
    guard !connections.has(peer, of: slot) else { throw Refusal(.connectionAlreadyExists) }
    try check(peer.address, for: slot)
    guard isReachable(peer, over: .tcp) else { throw Refusal(.forbidden) }
    guard connections.count(of: slot) < configuration.limits.connectionsPerAllocation,
      let relayed = slots[slot][peer.address.family]?.address
    else { throw Refusal(.insufficientCapacity) }
    let id = connections.add(
      PeerConnection(
        slot: slot, peer: peer, relayed: relayed,
        state: .connecting(request: STUNMessage(message), requester.protection)),
      using: &generator)
    timers.set(.connection(id), at: now.advanced(by: TURNConstants.connectTimeout))
    actions.append(.connection(.connect(id, from: relayed, to: peer)))
    return .taken
  }

  /// ConnectionBind (RFC 6062 §5.4).
  mutating func bindConnection(
    _ message: STUNMessageView, by requester: Requester, on tuple: FiveTuple
  ) throws(Refusal) -> Verdict {
    let asked: UInt32?
    do throws(STUNDecodingError) {
      asked = try message.connectionID
    } catch {
      throw Refusal(.badRequest)
    }
    // Over a control connection it would end the allocation's requests.
    guard tuple.protocol == .tcp, tuples[TupleKey(tuple)] == nil, let id = asked,
      let connection = connections[id], case .pending = connection.state
    else { throw Refusal(.badRequest) }
    // The connection stays its user's.
    guard slots[connection.slot].user == requester.name else { throw Refusal(.wrongCredentials) }
    timers.cancel(.connection(id))
    connections.bind(id, to: tuple)
    let verdict = succeed(message, by: requester.protection, on: tuple)
    actions.append(.connection(.splice(id, with: tuple)))
    return verdict
  }

  /// The control connection of the peer's connection that a ConnectionBind request names, if the request
  /// comes from the same client address.
  func controlConnection(toBind message: STUNMessageView, on tuple: FiveTuple) -> FiveTuple? {
    guard let id = try? message.connectionID, let connection = connections[id],
      let control = clientTuple(of: connection.slot),
      control.remote.address == tuple.remote.address
    else { return nil }
    return control
  }

  // MARK: - Ends

  /// Ends a connection that was not opened or not bound in time.
  mutating func connectionTimedOut(_ id: UInt32) { close(id) }

  /// Ends the connections of an allocation, all or those from one relayed transport address.
  mutating func closeConnections(of slot: Int, from relayed: TransportAddress? = nil) {
    guard slots[slot].transport == .tcp else { return }
    for id in connections.ids(of: slot)
    where relayed == nil || connections[id]?.relayed == relayed { close(id) }
  }

  /// Ends the connection that a client data connection is bound to.
  mutating func dataConnectionClosed(_ tuple: FiveTuple) {
    if let id = connections.id(boundTo: tuple) { close(id) }
  }

  private mutating func close(_ id: UInt32) {
    timers.cancel(.connection(id))
    guard let connection = connections.remove(id) else { return }
    refuseConnect(of: connection)
    actions.append(.connection(.close(id)))
  }

  /// 447 for a Connect request whose connection has not come about.
  private mutating func refuseConnect(of connection: PeerConnection) {
    guard case .connecting(let request, let protection) = connection.state,
      let tuple = clientTuple(of: connection.slot)
    else { return }
    _ = counted(
      refuse(
        request.view, Refusal(.connectionTimeoutOrFailure),
        by: Requester(name: slots[connection.slot].user, protection: protection), on: tuple))
  }

  private mutating func indicateAttempt(
    _ id: UInt32, from peer: TransportAddress, on tuple: FiveTuple, transaction: TransactionID
  ) {
    do throws(STUNEncodingError) {
      let message = try STUNMessage.encode(
        MessageType(.indication, .connectionAttempt), transactionID: transaction
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(connectionID: id)
        try message.append(xorPeerAddress: peer)
      }
      actions.append(.send(message, on: tuple))
    } catch {
      // An address and a number always fit: nothing is left to be done.
    }
  }
}
