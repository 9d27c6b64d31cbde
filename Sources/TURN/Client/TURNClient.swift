public import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// A TURN client: one allocation on one server, kept alive, that looks like a socket to its user.
///
///           started           success               released          437, or success
///     idle ────────▶ allocating ─────────▶ allocated ────────▶ releasing ────────────▶ ended
///                    │  ▲    │                │
///      300: other    │  │    │ refused,       │ 437, expired, refused
///      server        └──┘    │ timed out      │
///      437: other 5-tuple    └───────▶ ended ◀┘
///
/// An allocation that it cannot use it gives back at once, and says that it has failed.
///
/// It answers challenges, takes up fresh nonces, refreshes allocation, permissions and channels well
/// before they end, asks for a permission when data go to a peer for the first time, and binds a
/// channel to a peer that more data go to (RFC 8656 §6 to §12).
public struct TURNClient: Sendable {
  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send these bytes to this server.
    case send([UInt8], to: TransportAddress)
    /// The user is to know this.
    case report(Event)
    /// Go on from another transport address, with this server: the old 5-tuple has an allocation
    /// already, or a stream's server sends its client elsewhere. `fiveTupleChanged` must follow.
    case changeFiveTuple(server: TransportAddress, domain: String?)
    /// Send these bytes to this server by the 5-tuple that was added last (RFC 8016).
    case sendOnAdded([UInt8], to: TransportAddress)
    /// All is to be sent by the 5-tuple that was added last; what comes by the old one still counts.
    case useAdded
  }

  /// What the requests are for; one of each is on its way at a time.
  enum Tag: Hashable, Sendable {
    case allocate
    case refresh
    case release
    /// A Refresh with the ticket (RFC 8016).
    case move
    case permission(IPAddress)
    case channel(TransportAddress)
    case connect(TransportAddress)
  }

  /// What is to be done at a time.
  enum Timer: Hashable, Sendable {
    case refresh
    case expiry
    case permission(IPAddress)
    case channel(TransportAddress)
  }

  enum State: Sendable {
    /// Nothing has been asked for. Can transition to `allocating`.
    case idle
    /// Can transition to itself, to `allocated`, to `ended`, and to `releasing` when the allocation
    /// cannot be used.
    case allocating(mismatches: Int, earlierServers: [TransportAddress])
    /// Can transition to `releasing` and to `ended`.
    case allocated(AllocatedAddresses, expires: Instant)
    /// The server has been told; this is how it ends then. Can transition to `ended`.
    case releasing(End)
    /// Final.
    case ended(End)
  }

  /// The bytes that must be free before data that are sent: the longest header written there.
  public static let headroom = IndicationHeader.maximumByteCount
  /// The bytes that must be free after data that are sent, for padding.
  public static let tailroom = IndicationHeader.maximumPadding

  /// The server asked now.
  public internal(set) var server: TransportAddress
  /// What is asked for.
  public let options: Options
  /// Messages that came to nothing, by reason.
  public internal(set) var drops = DropCounts<DropReason>()

  let isStream: Bool
  var state = State.idle
  var session: LongTermSession
  var transactions: Transactions<Tag>
  var attempts: [Tag: LongTermSession.Attempt] = [:]
  /// The requests whose latest response was not protected as it must be.
  var violated: Set<Tag> = []
  var timers = DeadlineQueue<Timer>()
  var actions = ActionQueue<Action>()
  /// Requests that are to begin, as soon as there is a generator for their IDs.
  var due = ActionQueue<Tag>()
  /// Data that may go out, as soon as there is a generator for their IDs.
  var flushed = ActionQueue<(data: [UInt8], peer: TransportAddress)>()
  var peers = ClientPeers()
  /// What takes the allocation to another 5-tuple; nil where the server has given none (RFC 8016).
  var ticket: [UInt8]?
  /// Whether the server has refused to give tickets, with 405.
  var isMobilityForbidden = false
  /// How the allocation comes to another 5-tuple now; nil while it stays.
  var moving: Moving?
  var moveID: TransactionID?
  /// Requests that wait until the server knows the 5-tuple.
  var suspended: [Tag] = []
  /// Data that wait for the same.
  var heldWhileMoving: [(data: [UInt8], peer: TransportAddress)] = []
  /// The addresses that had a permission of an allocation that could not be taken along.
  var permittedBefore: [IPAddress] = []
  /// Until when a peer that could not be connected to is not asked for again (RFC 6062 §4.3).
  var connectPauses: [TransportAddress: Instant] = [:]

  /// A client of this server.
  ///
  /// - Parameter transport: how requests travel; over a stream, ChannelData are padded.
  /// - Throws: when OpaqueString takes name or password not, for a timeout that is not positive, for a
  ///   lifetime of 0, which would end the allocation, and for a TCP allocation over datagrams.
  public init(
    server: TransportAddress, username: String, password: String, options: Options = .init(),
    over transport: ClientTransaction.Transport = .datagrams()
  ) throws(TURNConfigurationError) {
    guard options.lifetime != 0 else { throw .lifetimeOutOfRange(.zero) }
    self.server = server
    self.options = options
    isStream = if case .stream = transport { true } else { false }
    guard isStream || options.transport == .udp else { throw .needsStream }
    do throws(STUNConfigurationError) {
      transactions = try Transactions(over: transport)
    } catch {
      throw .transport(error)
    }
    do throws(OpaqueStringError) {
      session = try LongTermSession(username: username, password: password)
    } catch {
      throw .cannotPrepare(error)
    }
  }

  /// What has been allocated; nil before that and after the end.
  public var allocated: AllocatedAddresses? {
    if case .allocated(let addresses, _) = state { addresses } else { nil }
  }

  /// How it ended; nil before that.
  public var end: End? {
    if case .ended(let end) = state { end } else { nil }
  }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? {
    guard let timer = timers.nextDeadline else { return transactions.nextDeadline }
    return transactions.nextDeadline.map { min($0, timer) } ?? timer
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// Asks for the allocation; called a second time it does nothing.
  public mutating func started(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard case .idle = state else { return }
    state = .allocating(mismatches: 0, earlierServers: [])
    begin(.allocate)
    work(at: now, using: &generator)
  }

  /// Gives the allocation up, and tells the server (RFC 8656 §8.1).
  public mutating func released(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch state {
    case .allocated:
      // The server may know it by its ticket alone now.
      let ticket = moving == .changed ? ticket : nil
      forgetRequests()
      self.ticket = ticket
      state = .releasing(.released)
      begin(.release)
      work(at: now, using: &generator)
    case .idle, .allocating: finish(.released)
    case .releasing, .ended: break
    }
  }

  /// Asks for permissions before there are data for these peers: what they send comes in then.
  public mutating func permit(
    _ addresses: [IPAddress], at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard case .allocated = state else { return }
    for address in addresses where !peers.isPermitted(address, at: now) { request(address) }
    work(at: now, using: &generator)
  }

  /// Sends again what is due, and refreshes what is to live on.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    transactions.timerFired(at: now)
    takeActions(at: now)
    while let (timer, _) = timers.popDue(at: now) { fired(timer, at: now) }
    work(at: now, using: &generator)
  }

  /// Takes bytes that came from the server: a datagram, or one frame of a stream.
  ///
  /// - Returns: at once, which of the bytes are whose data.
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Incoming {
    let incoming = received(bytes, from: source, at: now)
    if case .dropped(let reason) = incoming { drops.count(reason) }
    if case .handled = incoming { work(at: now, using: &generator) }
    return incoming
  }

  // MARK: - Work

  /// Begins what is due and sends what may go out.
  mutating func work(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    while let tag = due.next() {
      begin(tag, id: transactions.freshID(using: &generator), at: now)
    }
    takeActions(at: now)
    while let (data, peer) = flushed.next() {
      indicate(data, to: peer, id: .random(using: &generator))
    }
  }

  /// Makes a request due, with a new attempt.
  mutating func begin(_ tag: Tag) {
    guard attempts[tag] == nil else { return }
    attempts[tag] = .init()
    if moving == .changed, tag != .move { suspended.append(tag) } else { due.append(tag) }
  }

  /// Forgets all requests on their way.
  mutating func forgetRequests() {
    transactions.cancelAll()
    attempts = [:]
    violated = []
    due = .init()
    timers = .init()
    (moving, moveID, ticket) = (nil, nil, nil)
    (suspended, heldWhileMoving) = ([], [])
  }

  /// How it ends once the server has been told.
  var releaseEnd: End {
    if case .releasing(let end) = state { end } else { .released }
  }

  /// Ends, once.
  mutating func finish(_ end: End) {
    if case .ended = state { return }
    forgetRequests()
    peers = .init()
    connectPauses = [:]
    flushed = .init()
    state = .ended(end)
    actions.append(.report(.ended(end)))
  }
}
