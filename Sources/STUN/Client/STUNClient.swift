public import STUNCodec
public import SansIO
public import TransportAddress

/// Asks one server, many requests at once, and deals with responses that are not yet the last.
///
///                request            401, 438: again, protected anew
///     caller ────────────────▶ asking ◀──────────┐
///       ▲                        │ └─────────────┘  300: at the other server
///       └─────── finished ───────┘
///
/// It sends again what got no response, answers a challenge (401), takes up a fresh nonce (438), goes
/// where it is sent to (300), and believes no response that should be protected and is not. Requests
/// share realm, nonce and key, so that a TURN client can refresh, permit and bind at once
/// (RFC 8489 §6.2, §9 and §10).
public struct STUNClient: Sendable {
  /// Appends a request's own attributes; called anew for each try, as XORed addresses depend on the
  /// transaction ID.
  public typealias Body =
    @Sendable (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void

  /// The number of a request, never reused by one client.
  public struct RequestID: Hashable, Sendable {
    let number: UInt64
  }

  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send these bytes to this server.
    case send([UInt8], to: TransportAddress)
    /// The request is over.
    case finished(RequestID, Outcome)
  }

  /// How a request ended.
  public enum Outcome: Hashable, Sendable {
    /// The server has carried it out.
    case success(STUNMessage)
    /// The server has refused for good.
    case error(ErrorCode, STUNMessage)
    /// A stream's server sends the client elsewhere: connect there and ask again.
    case tryAlternate(TransportAddress, domain: String?)
    /// No response has come.
    case timedOut
    /// Responses have come, and none was protected as the request was: they are forged, or the server
    /// has another key. Over a stream the first such response ends the request (RFC 8489 §9.1.4 and
    /// §9.2.5).
    case integrityViolation
    /// The response has comprehension-required attributes that are not understood (RFC 8489 §6.3.3
    /// and §6.3.4).
    case notUnderstood([AttributeType])
    /// The challenge cannot be met: no key can be derived with any algorithm of the server's.
    case cannotAuthenticate
    /// With the attributes of the challenge the request does not fit a message.
    case cannotEncode(STUNEncodingError)
  }

  private enum Authentication: Sendable {
    case none
    case shortTerm(ShortTermSession)
    /// The session of the client's own server, and what sessions with others begin as.
    case longTerm(LongTermSession)
  }

  /// A request until it is over.
  private struct Exchange: Sendable {
    let id: RequestID
    let method: STUNMethod
    let body: Body
    var attempt = LongTermSession.Attempt()
    /// Whether a response to the latest transaction was not protected as its request was.
    var isViolated = false
    /// The server that is asked now.
    var server: TransportAddress
    /// Those that have sent the request on.
    var earlierServers: [TransportAddress] = []
    /// The latest transaction; nil before the first.
    var transaction: TransactionID?
    /// The session with a server that the client was redirected to.
    var redirectedSession: LongTermSession?
  }

  /// The server asked first.
  public let server: TransportAddress
  /// Whether requests get FINGERPRINT.
  public let fingerprint: Bool
  private let isStream: Bool
  private var authentication: Authentication
  private var transactions: Transactions<RequestID>
  /// In the order of their IDs, 256 at most.
  private var exchanges: [Exchange] = []
  private var actions = ActionQueue<Action>()
  private var nextNumber: UInt64 = 0

  /// How many redirections a request follows.
  private static var redirectionLimit: Int { 5 }

  /// A client of this server, without credentials.
  ///
  /// - Parameters:
  ///   - transport: over datagrams the schedule's RTO counts until a round-trip time has been measured.
  ///   - fingerprint: whether requests get FINGERPRINT.
  public init(
    server: TransportAddress, over transport: ClientTransaction.Transport = .datagrams(),
    fingerprint: Bool = false
  ) {
    self.init(server, .none, transport, fingerprint)
  }

  /// A client of this server, with credentials.
  ///
  /// - Throws: when OpaqueString takes name or password not.
  public init(
    server: TransportAddress, credentials: Credentials,
    over transport: ClientTransaction.Transport = .datagrams(), fingerprint: Bool = false
  ) throws(STUNConfigurationError) {
    do throws(OpaqueStringError) {
      switch credentials {
      case .none: self.init(server, .none, transport, fingerprint)
      case .shortTerm(let username, let password):
        let session = try ShortTermSession(
          username: username, password: password, fingerprint: fingerprint)
        self.init(server, .shortTerm(session), transport, fingerprint)
      case .longTerm(let username, let password):
        let session = try LongTermSession(
          username: username, password: password, fingerprint: fingerprint)
        self.init(server, .longTerm(session), transport, fingerprint)
      }
    } catch {
      throw .cannotPrepare(error)
    }
  }

  private init(
    _ server: TransportAddress, _ authentication: Authentication,
    _ transport: ClientTransaction.Transport, _ fingerprint: Bool
  ) {
    self.server = server
    self.authentication = authentication
    self.fingerprint = fingerprint
    isStream = if case .stream = transport { true } else { false }
    transactions = Transactions(unchecked: transport, capacity: 256)
  }

  /// When `timerFired` is to be called; nil when no request waits.
  public var nextDeadline: Instant? { transactions.nextDeadline }

  /// The number of requests that are not over.
  public var requestCount: Int { exchanges.count }

  /// Messages that were no response, or none that is believed, by reason.
  public var drops: DropCounts<ResponseDropReason> { transactions.drops }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// Begins a request, beside those that are on their way; `body` appends its attributes.
  ///
  /// - Parameter generator: where transaction IDs come from; it must be unpredictable.
  /// - Throws: when 256 requests are on their way, or `body` fails.
  @inlinable
  @discardableResult
  public mutating func request(
    _ method: STUNMethod = .binding, at now: Instant,
    using generator: inout some RandomNumberGenerator, body: @escaping Body = { _ in }
  ) throws(TransactionError) -> RequestID {
    try begin(method, transaction: freshID(using: &generator), at: now, body: body)
  }

  // What is generic is inlined where the generator is known, and what is not is compiled once.
  @inlinable
  func freshID(using generator: inout some RandomNumberGenerator) -> TransactionID {
    var id = TransactionID.random(using: &generator)
    while isInUse(id) { id = .random(using: &generator) }
    return id
  }

  @usableFromInline
  func isInUse(_ id: TransactionID) -> Bool { transactions.contains(id) }

  @usableFromInline
  mutating func begin(
    _ method: STUNMethod, transaction: TransactionID, at now: Instant, body: @escaping Body
  ) throws(TransactionError) -> RequestID {
    let id = RequestID(number: nextNumber)
    exchanges.append(Exchange(id: id, method: method, body: body, server: server))
    do throws(TransactionError) {
      try send(exchanges.count - 1, transaction, at: now)
    } catch {
      exchanges.removeLast()
      throw error
    }
    nextNumber += 1
    takeActions()
    return id
  }

  /// Gives a request up: it is not sent again, and there will be no outcome.
  public mutating func cancel(_ id: RequestID) {
    guard let index = index(of: id) else { return }
    if let transaction = exchanges[index].transaction { transactions.cancel(transaction) }
    exchanges.remove(at: index)
  }

  /// Sends again what is due, and finishes the requests that have timed out.
  public mutating func timerFired(at now: Instant) {
    transactions.timerFired(at: now)
    takeActions()
  }

  /// Takes bytes that came, whatever they are; what is no response from the server asked is dropped.
  ///
  /// - Complexity: O(*n*) in the bytes.
  @inlinable
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    // A changed request is another request, and so has another ID (RFC 8489 §5).
    guard let id = received(bytes.bytes, from: source, at: now) else { return }
    retry(id, freshID(using: &generator), at: now)
  }

  // MARK: - Responses

  /// - Returns: the request that is to be sent once more, in another form.
  @usableFromInline
  mutating func received(
    _ bytes: RawSpan, from source: TransportAddress, at now: Instant
  ) -> RequestID? {
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes)
    } catch {
      return drop(.notSTUN)
    }
    guard let response = transactions.match(message, from: source),
      let index = index(of: response.tag)
    else { return nil }
    guard response.isSymmetric else { return drop(.unexpectedSource) }
    guard message.type.class == .errorResponse else {
      // RFC 8489 §9.1.4 and §9.2.5: not protected or not rightly, it is as if it had never come.
      guard exchanges[index].attempt.protection.isSatisfied(by: message) else {
        return violated(response, index)
      }
      transactions.complete(response.id, at: now)
      let unknown = message.unknownComprehensionRequired
      return finish(
        response.tag, unknown.isEmpty ? .success(STUNMessage(message)) : .notUnderstood(unknown))
    }
    return receivedError(message, response, index, at: now)
  }

  /// Drops a response without the integrity that it must have: over datagrams the true one may follow.
  private mutating func violated(
    _ response: Transactions<RequestID>.Response, _ index: Int
  ) -> RequestID? {
    exchanges[index].isViolated = true
    _ = drop(.notAuthentic)
    guard isStream else { return nil }
    transactions.cancel(response.id)
    return finish(response.tag, .integrityViolation)
  }

  // MARK: - Error responses

  private mutating func receivedError(
    _ message: STUNMessageView, _ response: Transactions<RequestID>.Response, _ index: Int,
    at now: Instant
  ) -> RequestID? {
    guard let code = message.readableErrorCode else { return drop(.noErrorCode) }
    if case .longTerm = authentication, code == .unauthenticated || code == .staleNonce {
      return challenged(by: message, code, response, index, at: now)
    }
    guard exchanges[index].attempt.protection.isSatisfied(by: message) else {
      return violated(response, index)
    }
    transactions.complete(response.id, at: now)
    let unknown = message.unknownComprehensionRequired
    guard unknown.isEmpty else { return finish(response.tag, .notUnderstood(unknown)) }
    guard code == .tryAlternate else {
      return finish(response.tag, .error(code, STUNMessage(message)))
    }
    return redirected(by: message, response.tag, index)
  }

  /// 401 and 438 (RFC 8489 §9.2.5).
  private mutating func challenged(
    by message: STUNMessageView, _ code: ErrorCode, _ response: Transactions<RequestID>.Response,
    _ index: Int, at now: Instant
  ) -> RequestID? {
    guard var session = session(of: exchanges[index]) else { return nil }
    switch session.challenged(by: message, code, &exchanges[index].attempt) {
    case .drop(let reason): return drop(reason)
    case .fail:
      transactions.complete(response.id, at: now)
      return finish(response.tag, .error(code, STUNMessage(message)))
    case .noKnownAlgorithm:
      transactions.complete(response.id, at: now)
      return finish(response.tag, .cannotAuthenticate)
    case .retry:
      transactions.complete(response.id, at: now)
      if exchanges[index].redirectedSession == nil {
        authentication = .longTerm(session)
      } else {
        exchanges[index].redirectedSession = session
      }
      return response.tag
    }
  }

  /// 300 (RFC 8489 §10).
  private mutating func redirected(
    by message: STUNMessageView, _ id: RequestID, _ index: Int
  ) -> RequestID? {
    let asked = exchanges[index].server
    let earlier = exchanges[index].earlierServers
    guard let alternate = message.readableAlternateServer,
      alternate.address.isSameFamily(as: asked.address), alternate != asked,
      !earlier.contains(alternate), earlier.count < Self.redirectionLimit
    else { return finish(id, .error(.tryAlternate, STUNMessage(message))) }
    if isStream {
      return finish(id, .tryAlternate(alternate, domain: message.readableAlternateDomain))
    }
    exchanges[index].earlierServers.append(asked)
    exchanges[index].server = alternate
    exchanges[index].attempt = .init()
    // Realm and nonce are the other server's, and it is not known yet (RFC 8489 §10).
    if case .longTerm(let session) = authentication {
      exchanges[index].redirectedSession = session.unchallenged
    }
    return id
  }

  private func session(of exchange: Exchange) -> LongTermSession? {
    if let session = exchange.redirectedSession { return session }
    if case .longTerm(let session) = authentication { return session }
    return nil
  }

  private func index(of id: RequestID) -> Int? {
    var (low, high) = (0, exchanges.count)
    while low < high {
      let middle = (low + high) / 2
      if exchanges[middle].id.number < id.number { low = middle + 1 } else { high = middle }
    }
    return low < exchanges.count && exchanges[low].id == id ? low : nil
  }

  // MARK: - Sending

  @usableFromInline
  mutating func retry(
    _ id: RequestID, _ transaction: TransactionID, at now: Instant
  ) {
    guard let index = index(of: id) else { return }
    do throws(TransactionError) {
      try send(index, transaction, at: now)
      takeActions()
    } catch {
      guard case .cannotEncode(let error) = error else {
        // Its own transaction has just ended, so there is room, and the ID is fresh.
        preconditionFailure("a request cannot be sent again: \(error)")
      }
      _ = finish(id, .cannotEncode(error))
    }
  }

  /// Begins the transaction of a request, protected as its server wants it.
  private mutating func send(
    _ index: Int, _ transaction: TransactionID, at now: Instant
  ) throws(TransactionError) {
    let (id, method) = (exchanges[index].id, exchanges[index].method)
    let (server, body) = (exchanges[index].server, exchanges[index].body)
    exchanges[index].transaction = transaction
    exchanges[index].isViolated = false
    switch authentication {
    case .none:
      _ = try transactions.begin(method, id: transaction, tag: id, to: server, at: now) {
        [fingerprint] (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        if fingerprint { try message.appendFingerprint() }
      }
    case .shortTerm(let session):
      exchanges[index].attempt.protection = session.protection
      _ = try transactions.begin(method, id: transaction, tag: id, to: server, at: now) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        try session.protect(&message)
      }
    case .longTerm(let shared):
      let session = exchanges[index].redirectedSession ?? shared
      session.began(&exchanges[index].attempt)
      _ = try transactions.begin(method, id: transaction, tag: id, to: server, at: now) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        try session.protect(&message)
      }
    }
  }

  private mutating func takeActions() {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, let server, _): actions.append(.send(bytes, to: server))
      case .timedOut(_, _, let id):
        let isViolated = index(of: id).map { exchanges[$0].isViolated } ?? false
        _ = finish(id, isViolated ? .integrityViolation : .timedOut)
      }
    }
  }

  /// - Returns: nil, as there is nothing to be sent again.
  private mutating func finish(_ id: RequestID, _ outcome: consuming Outcome) -> RequestID? {
    if let index = index(of: id) { exchanges.remove(at: index) }
    actions.append(.finished(id, outcome))
    return nil
  }

  /// - Returns: nil, as there is nothing to be sent again.
  private mutating func drop(_ reason: ResponseDropReason) -> RequestID? {
    transactions.countDrop(reason)
    return nil
  }
}
