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
    /// No response has come, or none that could be believed.
    case timedOut
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
    let method: STUNMethod
    let body: Body
    var attempt = LongTermSession.Attempt()
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
  private var exchanges: [RequestID: Exchange] = [:]
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
  @discardableResult
  public mutating func request(
    _ method: STUNMethod = .binding, at now: Instant,
    using generator: inout some RandomNumberGenerator, body: @escaping Body = { _ in }
  ) throws(TransactionError) -> RequestID {
    try begin(method, transaction: transactions.freshID(using: &generator), at: now, body: body)
  }

  private mutating func begin(
    _ method: STUNMethod, transaction: TransactionID, at now: Instant, body: @escaping Body
  ) throws(TransactionError) -> RequestID {
    let id = RequestID(number: nextNumber)
    var exchange = Exchange(method: method, body: body, server: server)
    try send(id, &exchange, transaction, at: now)
    nextNumber += 1
    exchanges[id] = exchange
    takeActions()
    return id
  }

  /// Gives a request up: it is not sent again, and there will be no outcome.
  public mutating func cancel(_ id: RequestID) {
    guard let exchange = exchanges.removeValue(forKey: id) else { return }
    if let transaction = exchange.transaction { transactions.cancel(transaction) }
  }

  /// Sends again what is due, and finishes the requests that have timed out.
  public mutating func timerFired(at now: Instant) {
    transactions.timerFired(at: now)
    takeActions()
  }

  /// Takes bytes that came, whatever they are; what is no response from the server asked is dropped.
  ///
  /// - Complexity: O(*n*) in the bytes.
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    // A changed request is another request, and so has another ID (RFC 8489 §6.2).
    guard let (id, exchange) = received(bytes.bytes, from: source, at: now) else { return }
    retry(id, exchange, transactions.freshID(using: &generator), at: now)
  }

  // MARK: - Responses

  /// A request that is to be sent once more, in another form.
  private typealias Retry = (id: RequestID, exchange: Exchange)

  private mutating func received(
    _ bytes: RawSpan, from source: TransportAddress, at now: Instant
  ) -> Retry? {
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes)
    } catch {
      return drop(.notSTUN)
    }
    guard let response = transactions.match(message, from: source),
      let exchange = exchanges[response.tag]
    else { return nil }
    guard response.isSymmetric else { return drop(.unexpectedSource) }
    guard message.type.class == .errorResponse else {
      // RFC 8489 §9.1.4 and §9.2.5: not protected or not rightly, it is as if it had never come.
      guard exchange.attempt.protection.isSatisfied(by: message) else {
        return drop(.notAuthentic)
      }
      transactions.complete(response.id, at: now)
      let unknown = message.unknownComprehensionRequired
      return finish(
        response.tag, unknown.isEmpty ? .success(STUNMessage(message)) : .notUnderstood(unknown))
    }
    return receivedError(message, response, exchange, at: now)
  }

  // MARK: - Error responses

  private mutating func receivedError(
    _ message: STUNMessageView, _ response: Transactions<RequestID>.Response, _ exchange: Exchange,
    at now: Instant
  ) -> Retry? {
    guard let code = message.readableErrorCode else { return drop(.noErrorCode) }
    if case .longTerm = authentication, code == .unauthenticated || code == .staleNonce {
      return challenged(by: message, code, response, exchange, at: now)
    }
    guard exchange.attempt.protection.isSatisfied(by: message) else {
      return drop(.notAuthentic)
    }
    transactions.complete(response.id, at: now)
    let unknown = message.unknownComprehensionRequired
    guard unknown.isEmpty else { return finish(response.tag, .notUnderstood(unknown)) }
    guard code == .tryAlternate else {
      return finish(response.tag, .error(code, STUNMessage(message)))
    }
    return redirected(by: message, response.tag, exchange, at: now)
  }

  /// 401 and 438 (RFC 8489 §9.2.5).
  private mutating func challenged(
    by message: STUNMessageView, _ code: ErrorCode, _ response: Transactions<RequestID>.Response,
    _ exchange: Exchange, at now: Instant
  ) -> Retry? {
    var exchange = exchange
    guard var session = session(of: exchange) else { return nil }
    switch session.challenged(by: message, code, &exchange.attempt) {
    case .drop(let reason): return drop(reason)
    case .fail:
      transactions.complete(response.id, at: now)
      return finish(response.tag, .error(code, STUNMessage(message)))
    case .noKnownAlgorithm:
      transactions.complete(response.id, at: now)
      return finish(response.tag, .cannotAuthenticate)
    case .retry:
      transactions.complete(response.id, at: now)
      if exchange.redirectedSession == nil {
        authentication = .longTerm(session)
      } else {
        exchange.redirectedSession = session
      }
      return (response.tag, exchange)
    }
  }

  /// 300 (RFC 8489 §10).
  private mutating func redirected(
    by message: STUNMessageView, _ id: RequestID, _ exchange: Exchange, at now: Instant
  ) -> Retry? {
    var exchange = exchange
    guard let alternate = message.readableAlternateServer,
      alternate.address.isSameFamily(as: exchange.server.address),
      alternate != exchange.server, !exchange.earlierServers.contains(alternate),
      exchange.earlierServers.count < Self.redirectionLimit
    else { return finish(id, .error(.tryAlternate, STUNMessage(message))) }
    if isStream {
      return finish(id, .tryAlternate(alternate, domain: message.readableAlternateDomain))
    }
    exchange.earlierServers.append(exchange.server)
    exchange.server = alternate
    exchange.attempt = .init()
    // Realm and nonce are the other server's, and it is not known yet (RFC 8489 §10).
    if case .longTerm(let session) = authentication {
      exchange.redirectedSession = session.unchallenged
    }
    return (id, exchange)
  }

  private func session(of exchange: Exchange) -> LongTermSession? {
    if let session = exchange.redirectedSession { return session }
    if case .longTerm(let session) = authentication { return session }
    return nil
  }

  // MARK: - Sending

  private mutating func retry(
    _ id: RequestID, _ exchange: Exchange, _ transaction: TransactionID, at now: Instant
  ) {
    var exchange = exchange
    do throws(TransactionError) {
      try send(id, &exchange, transaction, at: now)
      exchanges[id] = exchange
      takeActions()
    } catch {
      guard case .cannotEncode(let error) = error else {
        // Its own transaction has just ended, so there is room, and the ID is fresh.
        preconditionFailure("a request cannot be sent again: \(error)")
      }
      _ = finish(id, .cannotEncode(error))
    }
  }

  private mutating func send(
    _ id: RequestID, _ exchange: inout Exchange, _ transaction: TransactionID, at now: Instant
  ) throws(TransactionError) {
    exchange.transaction = transaction
    let body = exchange.body
    switch authentication {
    case .none:
      _ = try transactions.begin(
        exchange.method, id: transaction, tag: id, to: exchange.server, at: now
      ) { [fingerprint] (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        if fingerprint { try message.appendFingerprint() }
      }
    case .shortTerm(let session):
      exchange.attempt.protection = session.protection
      _ = try transactions.begin(
        exchange.method, id: transaction, tag: id, to: exchange.server, at: now
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        try session.protect(&message)
      }
    case .longTerm(let shared):
      let session = exchange.redirectedSession ?? shared
      session.began(&exchange.attempt)
      _ = try transactions.begin(
        exchange.method, id: transaction, tag: id, to: exchange.server, at: now
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        try session.protect(&message)
      }
    }
  }

  private mutating func takeActions() {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, let server, _): actions.append(.send(bytes, to: server))
      case .timedOut(_, _, let id): _ = finish(id, .timedOut)
      }
    }
  }

  /// - Returns: nil, as there is nothing to be sent again.
  private mutating func finish(_ id: RequestID, _ outcome: Outcome) -> Retry? {
    exchanges[id] = nil
    actions.append(.finished(id, outcome))
    return nil
  }

  /// - Returns: nil, as there is nothing to be sent again.
  private mutating func drop(_ reason: ResponseDropReason) -> Retry? {
    transactions.countDrop(reason)
    return nil
  }
}
