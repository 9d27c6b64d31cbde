internal import STUN
internal import STUNCodec
internal import TransportAddress

/// A TCP connection between a relayed transport address and a peer (RFC 6062 §5.2 to §5.5).
///
///     Connect ─▶ connecting ──connected──▶ pending ──ConnectionBind──▶ bound
///                    │                     ▲  │                          │
///      447: failed, ─┘   accepted from ────┘  └─ not bound within 30 s ──┴─▶ gone
///      or 30 s           a permitted peer        either end is closed
///
/// All of them are gone with their allocation.
struct PeerConnection: Sendable {
  enum State: Sendable {
    /// The driver opens it for a Connect request. Can transition to `pending`.
    case connecting(request: STUNMessage, ResponseProtection?)
    /// It is open and waits for a ConnectionBind request. Can transition to `bound`.
    case pending
    /// Bytes go between it and the client data connection with this 5-tuple. Final.
    case bound(FiveTuple)
  }

  /// Where its allocation stands.
  let slot: Int
  let peer: TransportAddress
  let relayed: TransportAddress
  var state: State
}

/// The TCP connections with peers of all allocations, by ID, by peer and by client data connection.
struct PeerConnections: Sendable {
  /// An allocation has one connection with a peer's transport address at most (446).
  private struct PeerKey: Hashable, Sendable {
    let slot: Int
    let peer: TransportAddress
  }

  private var byID: [UInt32: PeerConnection] = [:]
  private var idsByPeer: [PeerKey: UInt32] = [:]
  private var idsByTuple: [FiveTuple: UInt32] = [:]
  private var idsBySlot: [Int: Set<UInt32>] = [:]

  var count: Int { byID.count }

  /// - Complexity: O(1).
  subscript(id: UInt32) -> PeerConnection? { byID[id] }

  /// How many connections an allocation has.
  func count(of slot: Int) -> Int { idsBySlot[slot]?.count ?? 0 }

  /// The connections of an allocation, in the order of their IDs.
  func ids(of slot: Int) -> [UInt32] { idsBySlot[slot]?.sorted() ?? [] }

  /// Whether an allocation has a connection with a peer, or one that is being opened.
  func has(_ peer: TransportAddress, of slot: Int) -> Bool {
    idsByPeer[PeerKey(slot: slot, peer: peer)] != nil
  }

  /// The connection that a client data connection is bound to.
  func id(boundTo tuple: FiveTuple) -> UInt32? { idsByTuple[tuple] }

  /// Adds a connection under an ID that no other one has.
  ///
  /// The ID must not be foreseeable: with the same user's credentials it is all that a client
  /// needs to take the connection.
  mutating func add(
    _ connection: PeerConnection, using generator: inout some RandomNumberGenerator
  ) -> UInt32 {
    var id: UInt32 = generator.next()
    while byID[id] != nil { id = generator.next() }
    byID[id] = connection
    idsByPeer[PeerKey(slot: connection.slot, peer: connection.peer)] = id
    idsBySlot[connection.slot, default: []].insert(id)
    return id
  }

  /// Notes that a connection is open and may be bound.
  mutating func opened(_ id: UInt32) { byID[id]?.state = .pending }

  /// Notes the client data connection of a connection.
  mutating func bind(_ id: UInt32, to tuple: FiveTuple) {
    byID[id]?.state = .bound(tuple)
    idsByTuple[tuple] = id
  }

  /// Forgets a connection.
  @discardableResult
  mutating func remove(_ id: UInt32) -> PeerConnection? {
    guard let connection = byID.removeValue(forKey: id) else { return nil }
    idsByPeer[PeerKey(slot: connection.slot, peer: connection.peer)] = nil
    idsBySlot[connection.slot]?.remove(id)
    if idsBySlot[connection.slot]?.isEmpty == true { idsBySlot[connection.slot] = nil }
    if case .bound(let tuple) = connection.state { idsByTuple[tuple] = nil }
    return connection
  }
}
