internal import STUN
public import STUNCodec
public import SansIO
public import TransportAddress

/// An allocation: what a client may relay from, and to whom (RFC 8656 §3.2).
///
///                 opened: every socket is there
///       opening ───────────────────────────────▶ active
///        ▲  │ openFailed, too often               │ expired, refreshed with lifetime 0,
///        │  ▼                                     ▼ the client's connection closed
///       vacant ◀────────────────────────────────vacant
///
/// It belongs to one 5-tuple, for a while to two when its client moves, and to the user that has made it, and has one relayed transport address,
/// or one of each address family (RFC 8656 §7.2).
struct Allocation: Sendable {
  enum State: Sendable {
    /// There is none any more; its place may be taken. Can transition to `opening`.
    case vacant
    /// The driver opens sockets. Can transition to `active` and `vacant`.
    case opening(Opening)
    /// It relays. Can transition to `vacant`.
    case active
  }

  /// An Allocate request that waits for its sockets.
  struct Opening: Sendable {
    let request: STUNMessage
    let protection: ResponseProtection?
    let wish: AllocateRequest
    /// The addresses that the driver has not said anything about yet.
    var pending: Set<TransportAddress>
    var failures = 0
  }

  /// A relayed transport address, and when it ends.
  struct Relay: Hashable, Sendable {
    let address: TransportAddress
    var expires: Instant
  }

  /// What the success response to the Allocate request says, as it may be asked for again.
  struct Grant: Hashable, Sendable {
    let transactionID: TransactionID
    let created: Instant
    let lifetime: UInt32
    var token: UInt64?
    var addressError: AddressErrorCode?
  }

  /// The 5-tuple that data for the client go to.
  var tuple: FiveTuple
  let user: String
  /// What it relays: datagrams, or TCP connections (RFC 6062).
  let transport: TransportProtocol
  var state: State {
    didSet { isActive = if case .active = state { true } else { false } }
  }
  /// Whether the state is `active`: each packet asks, and to look into the state would copy it.
  private(set) var isActive = false
  var grant: Grant
  var ipv4: Relay?
  var ipv6: Relay?
  var peers: PeerTable
  /// What its client needs to come from another 5-tuple; nil where it has not asked for a ticket.
  var mobility: Mobility?
  /// Whether there is `mobility?.other`: each packet asks.
  var hasOther = false
  /// Whether the client's connection is closed, and the client may come back (RFC 8016).
  var isAway = false

  /// An allocation whose sockets are being opened.
  init(tuple: FiveTuple, user: String, opening: Opening, grant: Grant, peers: PeerTable) {
    self.tuple = tuple
    self.user = user
    transport = opening.wish.transport
    state = .opening(opening)
    self.grant = grant
    self.peers = peers
  }

  /// The relay of a family.
  subscript(family: AddressFamily) -> Relay? {
    get { family == .ipv4 ? ipv4 : ipv6 }
    set { if family == .ipv4 { ipv4 = newValue } else { ipv6 = newValue } }
  }

  var isVacant: Bool { if case .vacant = state { true } else { false } }

  /// What the allocation had is gone.
  mutating func vacate() {
    state = .vacant
    (ipv4, ipv6) = (nil, nil)
    peers.removeAll()
    mobility = nil
    (hasOther, isAway) = (false, false)
  }

  /// The families that it has a relayed transport address of.
  var families: [AddressFamily] { AddressFamily.allCases.filter { self[$0] != nil } }
}

extension TURNServer {
  /// An allocation as it stands at one time, for those who look on.
  public struct AllocationStatus: Hashable, Sendable {
    /// The user that has made it.
    public let user: String
    /// The relayed transport addresses, with the time when each ends.
    public let relayed: [TransportAddress: Instant]
    /// The permitted addresses, with the time when each permission ends.
    public let permissions: [IPAddress: Instant]
    /// The bound channels with their peers.
    public let channels: [ChannelNumber: TransportAddress]
  }

  /// The allocation of a 5-tuple at a time; nil where it has none.
  ///
  /// - Complexity: O(*n*) in its permissions and channels.
  public func allocation(of tuple: FiveTuple, at now: Instant) -> AllocationStatus? {
    guard let slot = tuples[TupleKey(tuple)], slots[slot].isActive else { return nil }
    let allocation = slots[slot]
    var permissions: [IPAddress: Instant] = [:]
    var channels: [ChannelNumber: TransportAddress] = [:]
    for permission in allocation.peers.permissions {
      if permission.expires > now { permissions[permission.address] = permission.expires }
      for channel in permission.channels where channel.expires > now {
        channels[channel.number] = TransportAddress(permission.address, port: channel.port)
      }
    }
    return AllocationStatus(
      user: allocation.user,
      relayed: Dictionary(
        uniqueKeysWithValues: allocation.families.compactMap { allocation[$0] }
          .map { ($0.address, $0.expires) }),
      permissions: permissions, channels: channels)
  }
}
