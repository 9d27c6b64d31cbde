public import STUNCodec
public import SansIO
public import TransportAddress

/// The requests of one agent that wait for their responses, many at once, by transaction ID.
///
///              begin         Ta passed             timerFired: sent again
///     caller ─────────▶ queued ────────▶ waiting ◀───────────┐
///                         │                 │ └──────────────┘
///                         │ cancel          ├─ complete, cancel ─────────▶ forgotten
///                         └─────────────────┴─ timerFired (last): timedOut ▶ forgotten
///
/// Without pacing a request is sent when it begins. With pacing, a new request is sent every Ta
/// (RFC 8445 §14.2); what is sent again keeps its own time. The RTO is measured for each server
/// (RFC 8489 §6.2.1), unless a request brings its own schedule, as checks do (RFC 8445 §14.3).
///
/// A tag says what a request is for: a pair's number, a socket, a permission.
public struct Transactions<Tag: Sendable>: Sendable {
  /// What is to be done now.
  public enum Action: Sendable {
    /// Send these bytes to this server.
    case send([UInt8], to: TransportAddress, tag: Tag)
    /// No response has come; the transaction is forgotten.
    case timedOut(TransactionID, server: TransportAddress, tag: Tag)
  }

  /// What a message is the response to.
  public struct Response: Sendable {
    /// The request's transaction ID.
    public let id: TransactionID
    /// What the request was for.
    public let tag: Tag
    /// The address that was asked.
    public let server: TransportAddress
    /// The address that the response came from. Where it is another than `server`, the response is
    /// forged or the path is not symmetric (RFC 8445 §7.2.5.2.1).
    public let source: TransportAddress

    /// Whether the response came from the address that was asked.
    public var isSymmetric: Bool { source == server }
  }

  private struct Entry: Sendable {
    var transaction: ClientTransaction
    let tag: Tag
    let server: TransportAddress
    /// Whether the end of the wait is to be reported.
    var reportsTimeout = true
  }

  /// The largest number of requests at once.
  public let capacity: Int
  /// Ta: the least time between two new requests; nil for none.
  public let pacing: Duration?
  /// Messages that were no response to any request, by reason.
  public private(set) var drops = DropCounts<ResponseDropReason>()
  private let transport: ClientTransaction.Transport
  private var entries: [OwnTransactionID: Entry] = [:]
  private var timers = DeadlineQueue<OwnTransactionID>()
  private var actions = ActionQueue<Action>()
  /// Requests that have begun and are not sent yet, in their order.
  private var queued = ActionQueue<TransactionID>()
  private var queuedCount = 0
  /// When the next new request may be sent.
  private var nextStart: Instant = .zero
  private var estimates = ServerEstimates()

  /// No requests yet.
  ///
  /// - Parameters:
  ///   - transport: how requests travel. Over datagrams the schedule's RTO counts for a server until
  ///     a round-trip time has been measured.
  ///   - pacing: Ta, the least time between two new requests (RFC 8445 §14.2).
  ///   - capacity: the largest number of requests at once.
  /// - Throws: unless pacing and a stream's timeout are positive and the capacity is 1 or more.
  public init(
    over transport: ClientTransaction.Transport = .datagrams(), pacing: Duration? = nil,
    capacity: Int = 4096
  ) throws(STUNConfigurationError) {
    if let pacing, pacing <= .zero { throw .pacingOutOfRange(pacing) }
    guard capacity >= 1 else { throw .capacityOutOfRange(capacity) }
    if case .stream(let timeout) = transport, timeout <= .zero {
      throw .streamTimeoutOutOfRange(timeout)
    }
    self.init(unchecked: transport, pacing: pacing, capacity: capacity)
  }

  init(unchecked transport: ClientTransaction.Transport, pacing: Duration? = nil, capacity: Int) {
    self.transport = transport
    self.pacing = pacing
    self.capacity = capacity
  }

  /// The number of requests that wait for a response or to be sent.
  public var count: Int { entries.count }

  /// Whether this request waits for a response or to be sent.
  public func contains(_ id: TransactionID) -> Bool { isInUse(id) }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? {
    guard queuedCount > 0 else { return timers.nextDeadline }
    return timers.nextDeadline.map { min($0, nextStart) } ?? nextStart
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Requests

  /// Begins a request with a fresh transaction ID; `body` appends its attributes.
  ///
  /// - Parameters:
  ///   - schedule: this request's own schedule over datagrams, in place of a measured one.
  ///   - generator: where the ID comes from. It must be unpredictable where responses are not
  ///     authenticated (RFC 8489 §5).
  /// - Throws: when `capacity` requests wait, or `body` fails.
  /// - Complexity: O(log *n*) in the number of requests, and what `body` does.
  @discardableResult
  public mutating func begin(
    _ method: STUNMethod = .binding, tag: Tag, to server: TransportAddress,
    schedule: RetransmissionSchedule? = nil, at now: Instant,
    using generator: inout some RandomNumberGenerator,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
  ) throws(TransactionError) -> TransactionID {
    try begin(
      method, id: freshID(using: &generator), tag: tag, to: server, schedule: schedule, at: now,
      body)
  }

  /// Apart from the generator's type, so that this is compiled once for each tag.
  mutating func begin(
    _ method: STUNMethod, id: TransactionID, tag: Tag, to server: TransportAddress,
    schedule: RetransmissionSchedule? = nil, at now: Instant,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
  ) throws(TransactionError) -> TransactionID {
    guard entries.count < capacity else { throw .tooMany(capacity) }
    let request: [UInt8]
    do throws(STUNEncodingError) {
      request = try STUNMessage.encode(
        MessageType(.request, method), transactionID: id, body)
    } catch {
      throw .cannotEncode(error)
    }
    return try begin(request, tag: tag, to: server, schedule: schedule, at: now)
  }

  /// Begins a request of these bytes.
  ///
  /// - Throws: when `capacity` requests wait, the bytes are no request, or its ID is in use.
  /// - Complexity: O(log *n*) in the number of requests.
  @discardableResult
  public mutating func begin(
    _ request: [UInt8], tag: Tag, to server: TransportAddress,
    schedule: RetransmissionSchedule? = nil, at now: Instant
  ) throws(TransactionError) -> TransactionID {
    guard entries.count < capacity else { throw .tooMany(capacity) }
    var transaction: ClientTransaction
    do throws(STUNDecodingError) {
      transaction = try ClientTransaction(request, over: transport(to: server, schedule, at: now))
    } catch {
      throw .notAMessage(error)
    }
    let id = transaction.id
    guard transaction.type.class == .request else { throw .notARequest(transaction.type) }
    guard !isInUse(id) else { throw .inUse(id) }
    if pacing != nil, queuedCount > 0 || now < nextStart {
      queued.append(id)
      queuedCount += 1
    } else {
      start(&transaction, tag: tag, server: server, at: now)
    }
    entries[OwnTransactionID(id)] = Entry(transaction: transaction, tag: tag, server: server)
    return id
  }

  /// A transaction ID that none of the requests has.
  public func freshID(using generator: inout some RandomNumberGenerator) -> TransactionID {
    var id = TransactionID.random(using: &generator)
    while isInUse(id) { id = .random(using: &generator) }
    return id
  }

  private func isInUse(_ id: TransactionID) -> Bool {
    entries.index(forKey: OwnTransactionID(id)) != nil
  }

  /// Forgets a request: it is not sent again, and a response to it is dropped.
  ///
  /// - Returns: what it was for; nil where no such request waits.
  @discardableResult
  public mutating func cancel(_ id: TransactionID) -> Tag? {
    remove(id)?.tag
  }

  /// Forgets all requests, and what was still to be sent; round-trip estimates stay.
  public mutating func cancelAll() {
    entries = [:]
    timers = DeadlineQueue()
    actions = ActionQueue()
    queued = ActionQueue()
    queuedCount = 0
  }

  /// Sends a request no more, takes a response to it still, and does not report its timeout.
  ///
  /// So ICE cancels a check whose pair is triggered (RFC 8445 §7.3.1.4).
  public mutating func stopRetransmitting(_ id: TransactionID) {
    let id = OwnTransactionID(id)
    entries[id]?.reportsTimeout = false
    entries[id]?.transaction.stoppedRetransmitting()
    if let deadline = entries[id]?.transaction.nextDeadline { timers.set(id, at: deadline) }
  }

  /// Sends what is due again, starts paced requests, and reports the ones that have timed out.
  ///
  /// - Complexity: O(*k* log *n*) for *k* requests that are due.
  public mutating func timerFired(at now: Instant) {
    while let (id, _) = timers.popDue(at: now) {
      guard let action = entries[id]?.transaction.timerFired(at: now), let entry = entries[id]
      else { continue }
      switch action {
      case .wait: break
      case .send:
        actions.append(.send(entry.transaction.request, to: entry.server, tag: entry.tag))
      case .timeOut:
        entries[id] = nil
        if entry.reportsTimeout {
          actions.append(.timedOut(id.id, server: entry.server, tag: entry.tag))
        }
        continue
      }
      if let deadline = entry.transaction.nextDeadline { timers.set(id, at: deadline) }
    }
    if queuedCount > 0, now >= nextStart { startQueued(at: now) }
  }

  // MARK: - Responses

  /// Finds the request that a message is the response to; the request goes on waiting.
  ///
  /// Check the response's integrity and its source, and then `complete` the request; a response that
  /// is not believed leaves it waiting for the true one (RFC 8489 §9.1.4 and §9.2.5).
  ///
  /// - Returns: nil for a message that is dropped and counted.
  /// - Complexity: O(1) on average, and O(*m*) in the message's bytes where it has FINGERPRINT.
  public mutating func match(
    _ message: STUNMessageView, from source: TransportAddress
  ) -> Response? {
    guard message.type.isResponse else { return drop(.notAResponse) }
    let id = message.transactionID
    guard let entry = entries[OwnTransactionID(id)], entry.transaction.isCompleted(by: message)
    else { return drop(.unknownTransaction) }
    guard message.verifyFingerprint() != .wrong else { return drop(.wrongFingerprint) }
    return Response(id: id, tag: entry.tag, server: entry.server, source: source)
  }

  /// Ends a request whose response has been believed, and measures the server's round-trip time.
  ///
  /// - Returns: the round-trip time; nil where the request was sent more than once, or is unknown.
  /// - Complexity: O(log *n*) in the number of requests.
  @discardableResult
  public mutating func complete(_ id: TransactionID, at now: Instant) -> Duration? {
    guard var entry = remove(id), let time = entry.transaction.completed(at: now) else {
      return nil
    }
    estimates.measured(time, to: entry.server, at: now)
    return time
  }

  /// Finds the request that a message is the response to, and ends it.
  ///
  /// For responses whose truth rests on the transaction ID alone; otherwise `match` comes first.
  ///
  /// - Returns: nil for a message that is dropped and counted.
  public mutating func received(
    _ message: STUNMessageView, from source: TransportAddress, at now: Instant
  ) -> Response? {
    guard let response = match(message, from: source) else { return nil }
    complete(response.id, at: now)
    return response
  }

  /// The estimate of this server's round-trip time.
  public func estimate(for server: TransportAddress) -> RoundTripEstimate {
    estimates[server]
  }

  // MARK: - Inside

  /// Counts a response that the owner has dropped.
  mutating func countDrop(_ reason: ResponseDropReason) {
    drops.count(reason)
  }

  private mutating func drop(_ reason: ResponseDropReason) -> Response? {
    drops.count(reason)
    return nil
  }

  private func transport(
    to server: TransportAddress, _ schedule: RetransmissionSchedule?, at now: Instant
  ) -> ClientTransaction.Transport {
    guard case .datagrams(let usual) = transport else { return transport }
    if let schedule { return .datagrams(schedule) }
    let estimate = estimates[server]
    guard estimate.isValid(at: now) else { return .datagrams(usual) }
    return .datagrams(usual.with(rto: estimate.rto(at: now)))
  }

  /// Sends a request for the first time, and sets its timer.
  private mutating func start(
    _ transaction: inout ClientTransaction, tag: Tag, server: TransportAddress, at now: Instant
  ) {
    _ = transaction.started(at: now)
    if let deadline = transaction.nextDeadline {
      timers.set(OwnTransactionID(transaction.id), at: deadline)
    }
    actions.append(.send(transaction.request, to: server, tag: tag))
    if let pacing { nextStart = now.advanced(by: pacing) }
  }

  private mutating func startQueued(at now: Instant) {
    while let id = queued.next() {
      // A request that was cancelled has left its ID in the queue.
      let id = OwnTransactionID(id)
      guard var entry = entries[id], entry.transaction.sendCount == 0 else { continue }
      queuedCount -= 1
      start(&entry.transaction, tag: entry.tag, server: entry.server, at: now)
      entries[id] = entry
      return
    }
  }

  private mutating func remove(_ id: TransactionID) -> Entry? {
    let id = OwnTransactionID(id)
    guard let entry = entries.removeValue(forKey: id) else { return nil }
    timers.cancel(id)
    if entry.transaction.sendCount == 0 { queuedCount -= 1 }
    return entry
  }
}

extension Transactions.Action: Equatable where Tag: Equatable {}
extension Transactions.Action: Hashable where Tag: Hashable {}
extension Transactions.Response: Equatable where Tag: Equatable {}
extension Transactions.Response: Hashable where Tag: Hashable {}

/// Why a message is not taken as the response to a request.
public enum ResponseDropReason: Hashable, Sendable {
  /// The bytes are no STUN message.
  case notSTUN
  /// FINGERPRINT is there and wrong.
  case wrongFingerprint
  /// It is a request or an indication.
  case notAResponse
  /// No request with its ID and method waits.
  case unknownTransaction
  /// It came from another address than the one that was asked.
  case unexpectedSource
  /// It came to another socket than the one that asked.
  case unexpectedSocket
  /// Its message integrity is missing or wrong (RFC 8489 §9.1.4 and §9.2.5).
  case notAuthentic
  /// An error response whose ERROR-CODE is missing or cannot be read.
  case noErrorCode
  /// A challenge without a REALM and a NONCE that can be read.
  case incompleteChallenge
  /// A challenge whose nonce promises PASSWORD-ALGORITHMS, which is not there (RFC 8489 §9.2.5).
  case bidDown
}

/// Why a request cannot begin.
public enum TransactionError: Error, Hashable, Sendable {
  /// As many requests wait as may wait at once.
  case tooMany(Int)
  /// The bytes are no STUN message.
  case notAMessage(STUNDecodingError)
  /// The message is of another class.
  case notARequest(MessageType)
  /// A request with this ID waits already.
  case inUse(TransactionID)
  /// The request's attributes do not fit a message.
  case cannotEncode(STUNEncodingError)
}

extension TransactionError: CustomStringConvertible {
  /// What is wrong with the request.
  public var description: String {
    switch self {
    case .tooMany(let capacity): "\(capacity) requests wait for a response; no more may"
    case .notAMessage(let error): "\(error)"
    case .notARequest(let type): "a \(type) is no request"
    case .inUse(let id): "a request with the ID \(id) waits already"
    case .cannotEncode(let error): "\(error)"
    }
  }
}
