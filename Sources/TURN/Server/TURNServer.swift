public import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// A TURN server: it lends a client a transport address, and relays between it and the client's peers.
///
///                      ┌─────────────────────────┐  relayed transport address
///     client ─ 5-tuple ┤ allocation              ├──────────────────────────── peer
///                      │  user, expiry           │
///                      │  permissions, channels  │
///                      └─────────────────────────┘
///
/// The driver owns the sockets. It hands over what comes in, and the verdict says at once which bytes
/// of its buffer go where: nothing is copied. Responses, and the sockets to be opened and closed, come
/// from ``nextAction()``. Nothing is kept about a source before it has proven who it is
/// (RFC 8489 §16.1.2; pitfall 27).
public struct TURNServer: Sendable {
  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send these bytes to the client, on its 5-tuple.
    case send([UInt8], on: FiveTuple)
    /// Open a UDP socket at this relayed transport address; `opened` or `openFailed` must follow.
    case open(TransportAddress)
    /// Close the socket at this relayed transport address.
    case close(TransportAddress)
    /// Something about a TCP allocation; only where ``Configuration/relaysTCP``.
    case connection(ConnectionAction)
  }

  /// What ends by itself.
  enum Timer: Hashable, Sendable {
    case relay(TransportAddress)
    case reservation(UInt64)
    /// The 5-tuple that the client of this allocation has left.
    case formerTuple(Int)
    case connection(UInt32)
  }

  /// A port that waits for its token (RFC 8656 §7.2).
  struct Reservation: Sendable {
    let address: TransportAddress
    /// The token is this user's alone.
    let user: String
  }

  /// The bytes that must be free before a peer's data: the longest header written there.
  public static let headroom = IndicationHeader.maximumByteCount
  /// The bytes that must be free after a peer's data, for padding.
  public static let tailroom = IndicationHeader.maximumPadding

  /// Where the server relays from, and what it grants.
  public internal(set) var configuration: Configuration
  /// Whose requests are taken; another one counts from the next request on.
  public var authenticator: Authenticator
  /// The server that new allocations are sent to with 300; nil to make them here
  /// (RFC 8656 §7.2).
  public var alternateServer: TransportAddress?
  /// Whether new allocations are made; otherwise they are refused with 508, and those that exist go on.
  public var admitsAllocations = true
  /// Datagrams and messages that came to nothing, by reason.
  public internal(set) var drops = DropCounts<DropReason>()
  /// Whether there are events; who says so has to take them.
  public var reportsEvents = false

  let writer: ResponseWriter
  var actions = ActionQueue<Action>()
  var events = ActionQueue<Event>()
  var timers = DeadlineQueue<Timer>()
  var challenges: SourceLimit
  var challengeBudget = ChallengeBudget()
  var ipv4: PortPool?
  var ipv6: PortPool?
  /// What the places of the tables depend on, which strangers must not foresee.
  let tableSeed: UInt64
  /// Allocations keep their place; the places of those that are gone are used again.
  var slots: [Allocation] = []
  var freeSlots: [Int] = []
  var tuples: SlotTable<TupleKey>
  /// By relayed transport address, also while it is being opened.
  var relays: SlotTable<EndpointKey>
  var reservations: [UInt64: Reservation] = [:]
  /// The allocations that tickets stand for, by the ticket's number.
  var tickets: [UInt64: Int] = [:]
  /// The TCP connections of TCP allocations.
  var connections = PeerConnections()
  /// How many allocations users and addresses have.
  var ledger: AllocationLedger

  /// A server that relays so, for these users.
  ///
  /// - Parameters:
  ///   - shared: what it knows together with the servers of other threads, which relay from the same
  ///     addresses by other ports; nil for a server on its own.
  ///   - generator: random bits for what strangers must not foresee.
  public init(
    _ configuration: Configuration, authenticator: Authenticator, writer: ResponseWriter = .init(),
    sharing shared: SharedAllocations? = nil, using generator: inout some RandomNumberGenerator
  ) {
    ledger = AllocationLedger(shared)
    self.configuration = configuration
    self.authenticator = authenticator
    self.writer = writer
    let key = generator.next()
    challenges = SourceLimit(
      perSecond: configuration.limits.unprovenResponsesPerSecond,
      burst: configuration.limits.unprovenResponsesAtOnce, key: key)
    tableSeed = mix(key, 1)
    tuples = SlotTable(seed: tableSeed)
    relays = SlotTable(seed: tableSeed)
    ipv4 = configuration.ipv4.map { PortPool(address: $0.address, ports: $0.ports) }
    ipv6 = configuration.ipv6.map { PortPool(address: $0.address, ports: $0.ports) }
  }

  /// The number of allocations, with those whose sockets are being opened.
  public var allocationCount: Int { slots.count - freeSlots.count }

  /// Whether a 5-tuple has an allocation, or one whose sockets are being opened.
  ///
  /// - Complexity: O(1).
  public func hasAllocation(on tuple: FiveTuple) -> Bool { tuples[TupleKey(tuple)] != nil }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? { timers.nextDeadline }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// Takes a datagram from a client, or one frame of its stream.
  ///
  /// - Parameters:
  ///   - bytes: a whole datagram, or what ``StreamReassembler`` returned.
  ///   - tuple: where it came to (local) and from (remote). TCP and TLS count as TCP.
  ///   - generator: where ports and tokens come from; it must be unpredictable.
  /// - Complexity: O(1) on average for data, of which nothing is copied; O(*n*) in the bytes for
  ///   requests.
  public mutating func received(
    _ bytes: Span<UInt8>, on tuple: FiveTuple, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    if !bytes.isEmpty, bytes[0] & 0xC0 == 0x40 { return channelData(bytes, on: tuple, at: now) }
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes.bytes)
    } catch {
      return counted(classicBinding(bytes, on: tuple, at: now))
    }
    guard message.verifyFingerprint() != .wrong else { return counted(.drop(.wrongFingerprint)) }
    switch (message.type.class, message.type.method) {
    case (.indication, .send): return sendIndication(message, on: tuple, at: now)
    case (.request, _):
      return counted(request(message, on: tuple, at: now, using: &generator))
    default: return counted(.drop(.notForServers))
    }
  }

  /// Ends what is over.
  ///
  /// - Complexity: O(*k* log *n*) for *k* allocations and reservations that are over.
  public mutating func timerFired(at now: Instant) {
    while let (timer, _) = timers.popDue(at: now) {
      switch timer {
      case .relay(let address):
        if let slot = relays[EndpointKey(address)] { removeRelay(address, of: slot, .expired) }
      case .reservation(let token):
        if let reservation = removeReservation(token) { release(reservation.address) }
      case .formerTuple(let slot): forgetOther(of: slot)
      case .connection(let id): connectionTimedOut(id)
      }
    }
  }

  /// Ends the allocation of a client whose connection is closed, or the connection with a peer that
  /// it was bound to.
  ///
  /// Where the client has a ticket, it can come back with it until the allocation's lifetime is over
  /// (RFC 8016).
  public mutating func connectionClosed(_ tuple: FiveTuple) {
    dataConnectionClosed(tuple)
    guard let slot = tuples[TupleKey(tuple)], !stays(slot, without: tuple) else { return }
    remove(slot, .connectionClosed)
  }

  // MARK: - Requests

  private mutating func request(
    _ message: STUNMessageView, on tuple: FiveTuple, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    switch message.type.method {
    case .binding: return binding(message, on: tuple, at: now)
    case .allocate, .refresh, .createPermission, .channelBind: break
    case .connect where configuration.relaysTCP: break
    case .connectionBind where configuration.relaysTCP: break
    default: return .drop(.unknownMethod)
    }
    // RFC 8489 §9.2.4: nothing else in the request counts before its sender is known.
    let requester: Requester
    switch authenticate(message, on: tuple, at: now) {
    case .drop: return .drop(.notForServers)
    case .rejected(let rejection): return reject(message, rejection, on: tuple, at: now)
    case .anonymous: requester = Requester(name: "", protection: nil)
    case .user(let user): requester = Requester(name: user.name, protection: user.protection)
    }
    do throws(Refusal) {
      try checkUnderstood(message)
      if message.type.method == .allocate {
        return try allocate(message, by: requester, on: tuple, at: now, using: &generator)
      }
      if message.type.method == .refresh, message.has(.mobilityTicket) {
        return try resume(message, by: requester, on: tuple, at: now, using: &generator)
      }
      if message.type.method == .connectionBind {
        return try bindConnection(message, by: requester, on: tuple)
      }
      // RFC 8656 §5: the 5-tuple must have an allocation, and the same user must have made it.
      guard let slot = tuples[TupleKey(tuple)], slots[slot].isActive, !isFormer(tuple, of: slot)
      else {
        throw Refusal(.allocationMismatch)
      }
      guard slots[slot].user == requester.name else { throw Refusal(.wrongCredentials) }
      if slots[slot].hasOther { used(tuple, of: slot, at: now) }
      switch message.type.method {
      case .refresh: return try refresh(slot, message, by: requester, at: now)
      case .createPermission: return try createPermission(slot, message, by: requester, at: now)
      case .connect:
        return try connect(slot, message, by: requester, at: now, using: &generator)
      default: return try bindChannel(slot, message, by: requester, at: now)
      }
    } catch {
      return refuse(message, error, by: requester, on: tuple)
    }
  }

  /// Finds out who has sent a request.
  ///
  /// A nonce is one endpoint's. A client data connection has another port than the control connection,
  /// whose nonce clients send with ConnectionBind all the same (RFC 6062 §4.3), and some cannot read the
  /// 438 that would follow.
  private func authenticate(
    _ message: STUNMessageView, on tuple: FiveTuple, at now: Instant
  ) -> Authenticator.Result {
    let result = authenticator.authenticate(message, from: tuple.remote, at: now)
    guard message.type.method == .connectionBind, case .rejected(let rejection) = result,
      rejection.code == .staleNonce,
      let control = controlConnection(toBind: message, on: tuple),
      case .user(let user) = authenticator.authenticate(message, from: control.remote, at: now)
    else { return result }
    return .user(user)
  }

  /// Who has sent a request, as far as the answer needs it.
  struct Requester {
    let name: String
    let protection: ResponseProtection?
  }

  /// 420 for what is comprehension-required and not understood (RFC 8489 §6.3.1).
  private func checkUnderstood(_ message: STUNMessageView) throws(Refusal) {
    var unknown: [AttributeType] = []
    message.forEachUnknownComprehensionRequired(understanding: isUnderstood) {
      if !unknown.contains($0) { unknown.append($0) }
    }
    if !unknown.isEmpty { throw Refusal(unknown: unknown) }
  }

  /// Whether this server knows a comprehension-required attribute.
  func isUnderstood(_ type: AttributeType) -> Bool {
    switch type {
    case .username, .userhash, .realm, .nonce, .messageIntegrity, .messageIntegritySHA256,
      .passwordAlgorithm, .channelNumber, .lifetime, .xorPeerAddress, .data,
      .requestedAddressFamily, .evenPort, .requestedTransport, .reservationToken:
      true
    case .dontFragment: configuration.canSetDontFragment
    case .connectionID: configuration.relaysTCP
    default: false
    }
  }
}
