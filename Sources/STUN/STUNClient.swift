public import STUNCodec
public import SansIO
public import TransportAddress

/// Asks a server one thing at a time and deals with what is not yet the answer.
///
///                request            401, 438: once more, sealed
///     idle ────────────────▶ asking ◀──────────┐
///       ▲                      │ └─────────────┘  300: at the other server
///       └──── .finished ───────┘
///
/// It sends again what got no answer, answers a challenge (401), takes up a fresh nonce (438), goes
/// where it is sent to (300), and believes no answer that should be sealed and is not. The random
/// numbers for its transaction IDs come from the generator it is given. RFC 8489 §6.2, §9 and §10.
public struct STUNClient<Generator: RandomNumberGenerator & Sendable>: Sendable {
  /// Appends a request's own attributes; called anew for each try, for XORed addresses depend on the
  /// transaction ID.
  public typealias Body =
    @Sendable (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void

  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Nothing; come back at `nextDeadline`.
    case wait
    /// Send these bytes there.
    case send([UInt8], to: TransportAddress)
    /// It is over; the next request may begin.
    case finished(Outcome)
  }

  /// How an exchange ended.
  public enum Outcome: Hashable, Sendable {
    case success(STUNMessage)
    /// The server has refused for good.
    case refused(STUNMessage, ErrorCode)
    /// A stream's server sends the client elsewhere: connect there and ask again.
    case tryAlternate(TransportAddress, domain: String?)
    /// No answer has come, or none that could be believed.
    case timedOut
    /// The answer has comprehension-required attributes that are not understood. RFC 8489 §6.3.3, §6.3.4.
    case notUnderstood([AttributeType])
    /// The challenge cannot be met: no credentials, a part that cannot be prepared, an algorithm
    /// nobody here knows.
    case cannotAuthenticate
    /// The request does not fit a message.
    case cannotEncode(STUNEncodingError)
  }

  /// How the seal of a sealed request is to be checked in its answer.
  struct Seal: Sendable {
    let key: MessageIntegrityKey
    let accepts: Set<AttributeType>
  }

  struct Exchange: Sendable {
    let method: STUNMethod
    let body: Body
    var transaction: ClientTransaction
    var server: TransportAddress
    var seal: Seal?
    /// Each of these may be met once, lest two sides go on for ever.
    var wasChallenged = false
    var staleNonces = 0
    var visited: Set<TransportAddress>
  }

  /// The server asked first.
  public let server: TransportAddress
  public let credentials: Credentials
  private let isStream: Bool
  private let schedule: RetransmissionSchedule
  private var generator: Generator
  private var estimate = RoundTripEstimate()
  private var challenge: Challenge?
  private var exchange: Exchange?
  /// How many messages were dropped because they could not be believed.
  public private(set) var discardedCount = 0

  /// A client of this server.
  ///
  /// Over datagrams the schedule's RTO counts until round-trip times have been measured.
  public init(
    server: TransportAddress, credentials: Credentials = .none,
    over transport: ClientTransaction.Transport = .datagrams(), generator: Generator
  ) {
    self.server = server
    self.credentials = credentials
    self.generator = generator
    switch transport {
    case .datagrams(let schedule):
      isStream = false
      self.schedule = schedule
    case .stream:
      isStream = true
      schedule = RetransmissionSchedule()
    }
  }

  /// When `timerFired` is to be called, or nil when nothing is being asked.
  public var nextDeadline: Instant? { exchange?.transaction.nextDeadline }

  /// Whether a request is on its way.
  public var isAsking: Bool { exchange != nil }

  /// Begins a request; one that is still on its way is abandoned.
  public mutating func request(
    _ method: STUNMethod = .binding, at now: Instant, body: @escaping Body = { _ in }
  ) -> Action {
    exchange = nil
    return ask(
      method, at: server, now, body, wasChallenged: false, staleNonces: 0, visited: [server])
  }

  /// Says what the passing of time calls for.
  public mutating func timerFired(at now: Instant) -> Action {
    guard let action = exchange?.transaction.timerFired(at: now), let exchange else {
      return .wait
    }
    switch action {
    case .wait: return .wait
    case .send: return .send(exchange.transaction.request, to: exchange.server)
    case .timeOut: return finish(.timedOut)
    }
  }

  /// Takes bytes that came, whatever they are; what does not belong to the request is dropped.
  ///
  /// From where they came is not asked: the transaction ID, which only who sees the request can know,
  /// is what an answer is known by. Whoever needs more asks with credentials.
  public mutating func received(_ bytes: [UInt8], at now: Instant) -> Action {
    guard let exchange, let message = try? STUNMessage(bytes),
      exchange.transaction.isAnswered(by: message)
    else { return .wait }
    guard message.verifyFingerprint() != .wrong else { return discard() }
    let isSuccess = message.type.class == .successResponse
    let code = isSuccess ? nil : try? message.errorCode
    guard isSuccess || code != nil else { return discard() }

    if case .longTerm = credentials, code == .unauthenticated || code == .staleNonce {
      return challenged(by: message, staleNonce: code == .staleNonce, exchange, at: now)
    }
    // RFC 8489 §9.1.4 and §9.2.5: unsealed or wrongly sealed, it is as if it had never come.
    if let seal = exchange.seal, !seal.isBorne(by: message) { return discard() }
    measure(at: now)

    let unknown = message.unknownComprehensionRequired()
    guard unknown.isEmpty else { return finish(.notUnderstood(unknown)) }
    guard let code else { return finish(.success(message)) }
    return code == .tryAlternate
      ? redirected(by: message, exchange, at: now) : finish(.refused(message, code))
  }

  // MARK: - Answers that are not the last

  /// 401 and 438. They cannot be sealed with a key that is not agreed yet, so they are not believed
  /// further than to ask once more. RFC 8489 §9.2.5.
  private mutating func challenged(
    by message: STUNMessage, staleNonce: Bool, _ exchange: Exchange, at now: Instant
  ) -> Action {
    let next: Challenge
    do throws(Challenge.Refusal) {
      next = try Challenge(message)
    } catch {
      // Bid-down: the answer is ignored, for the true one may still come.
      return error == .noKnownAlgorithm ? finish(.cannotAuthenticate) : discard()
    }
    let isRepeated = exchange.wasChallenged && !staleNonce
    if isRepeated || exchange.staleNonces >= 2 {
      return finish(.refused(message, staleNonce ? .staleNonce : .unauthenticated))
    }
    challenge = next
    measure(at: now)
    return ask(
      exchange.method, at: exchange.server, now, exchange.body, wasChallenged: true,
      staleNonces: exchange.staleNonces + (staleNonce ? 1 : 0), visited: exchange.visited)
  }

  /// 300. RFC 8489 §10.
  private mutating func redirected(
    by message: STUNMessage, _ exchange: Exchange, at now: Instant
  ) -> Action {
    guard let alternate = try? message.alternateServer,
      alternate.address.isSameFamily(as: exchange.server.address),
      !exchange.visited.contains(alternate)
    else { return finish(.refused(message, .tryAlternate)) }
    if isStream {
      return finish(.tryAlternate(alternate, domain: try? message.alternateDomain))
    }
    challenge = nil
    return ask(
      exchange.method, at: alternate, now, exchange.body, wasChallenged: false, staleNonces: 0,
      visited: exchange.visited.union([alternate]))
  }

  // MARK: - Asking

  private mutating func ask(
    _ method: STUNMethod, at server: TransportAddress, _ now: Instant, _ body: @escaping Body,
    wasChallenged: Bool, staleNonces: Int, visited: Set<TransportAddress>
  ) -> Action {
    // A changed request has a new ID (pitfall 12).
    let id = TransactionID.random(using: &generator)
    let sealing: Sealing
    switch Sealing(credentials, challenge) {
    case .some(let found): sealing = found
    case nil: return finish(.cannotAuthenticate)
    }
    do {
      let bytes = try STUNMessage.encode(
        MessageType(.request, method), transactionID: id
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try body(&message)
        try sealing.append(to: &message)
      }
      var transaction = try ClientTransaction(bytes, over: transport(at: now))
      _ = transaction.started(at: now)
      exchange = Exchange(
        method: method, body: body, transaction: transaction, server: server, seal: sealing.seal(),
        wasChallenged: wasChallenged, staleNonces: staleNonces, visited: visited)
      return .send(bytes, to: server)
    } catch let error as STUNEncodingError {
      return finish(.cannotEncode(error))
    } catch {
      // What `encode` has made is a message.
      return finish(.timedOut)
    }
  }

  private func transport(at now: Instant) -> ClientTransaction.Transport {
    if isStream { return .stream() }
    let rto = estimate.smoothed == nil ? schedule.rto : estimate.rto(at: now)
    return .datagrams(
      RetransmissionSchedule(
        rto: rto, sendCount: schedule.sendCount, lastWaitFactor: schedule.lastWaitFactor))
  }

  private mutating func measure(at now: Instant) {
    if let time = exchange?.transaction.answered(at: now) { estimate.measured(time, at: now) }
  }

  private mutating func finish(_ outcome: Outcome) -> Action {
    exchange = nil
    return .finished(outcome)
  }

  private mutating func discard() -> Action {
    discardedCount += 1
    return .wait
  }
}

extension STUNClient.Seal {
  /// Whether the message bears a seal of a kind that counts, and every one that it bears is right.
  func isBorne(by message: STUNMessage) -> Bool {
    let sha1 = message.verifyMessageIntegrity(with: key)
    let sha256 = message.verifyMessageIntegritySHA256(with: key)
    guard sha1 != .wrong, sha256 != .wrong else { return false }
    return (sha1 == .verified && accepts.contains(.messageIntegrity))
      || (sha256 == .verified && accepts.contains(.messageIntegritySHA256))
  }
}

extension IPAddress {
  fileprivate func isSameFamily(as other: IPAddress) -> Bool {
    switch (self, other) {
    case (.v4, .v4), (.v6, .v6): true
    default: false
    }
  }
}
