internal import STUN
public import STUNCodec
public import SansIO
internal import TransportAddress

/// A client data connection: it is bound to a peer's connection, and then carries bytes as they are
/// (RFC 6062 §4.3 to §4.5).
///
///     started                 success
///     ───────▶ ConnectionBind ───────▶ bound: no messages come any more
///              │     ▲   │
///     401, 438 └─────┘   └──▶ failed: refused, no response
///
/// It stands on a TCP or TLS connection of its own, to the endpoint that the control connection goes
/// to. What its owner sends before it is bound would reach the peer only if the server binds it.
public struct TURNDataConnection: Sendable {
  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send these bytes to the server.
    case send([UInt8])
    /// It is bound, and these bytes are the first of the peer's. What comes and goes from now on is
    /// none of this value's business.
    case bound([UInt8])
    /// It has failed; the connection is to be closed.
    case failed(Failure)
  }

  /// Why it could not be bound.
  public enum Failure: Hashable, Sendable {
    /// The server refuses: 400 there is no such connection any more, 401 the credentials, 441 it is
    /// another user's.
    case refused(ErrorCode)
    /// The server does not answer.
    case timedOut
    /// A response was not protected as it must be.
    case integrityViolation
    /// What has come is no response.
    case malformedResponse
    /// No key can be derived with any algorithm of the server's.
    case cannotAuthenticate
  }

  enum State: Sendable {
    /// Can transition to `binding`.
    case idle
    /// Can transition to `bound` and `failed`.
    case binding
    /// Final.
    case bound
    /// Final.
    case failed(Failure)
  }

  /// CONNECTION-ID.
  public let id: UInt32
  private let server: TransportAddress
  private var session: LongTermSession
  private var transactions: Transactions<Bool>
  private var attempt = LongTermSession.Attempt()
  private var state = State.idle
  private var actions = ActionQueue<Action>()
  private var frames = StreamReassembler()

  init?(_ id: UInt32, server: TransportAddress, session: LongTermSession) {
    guard let transactions = try? Transactions<Bool>(over: .stream()) else { return nil }
    (self.id, self.server, self.session) = (id, server, session)
    self.transactions = transactions
    frames.acceptsChannelData = false
  }

  /// Whether bytes go to the peer and come from there as they are.
  public var isBound: Bool { if case .bound = state { true } else { false } }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? { transactions.nextDeadline }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// The connection to the server is open; called a second time it does nothing.
  public mutating func started(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard case .idle = state else { return }
    state = .binding
    request(at: now, using: &generator)
  }

  /// Gives up when no response has come.
  public mutating func timerFired(at now: Instant) {
    transactions.timerFired(at: now)
    takeActions()
  }

  /// Takes bytes that came from the server before it was bound.
  public mutating func received(
    _ bytes: RawSpan, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard case .binding = state else { return }
    frames.received(bytes)
    do throws(STUNDecodingError) {
      while case .binding = state, let range = try frames.nextRange() {
        let message = frames.bytes.extracting(range).copied
        response(try STUNMessageView(message.span.bytes), at: now, using: &generator)
      }
    } catch {
      fail(.malformedResponse)
    }
    guard case .bound = state else { return }
    let rest = frames.bytes.count - frames.pendingByteCount
    actions.append(.bound(frames.bytes.extracting(rest..<frames.bytes.count).copied))
    frames = StreamReassembler()
  }

  // MARK: - Inside

  private mutating func request(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    session.began(&attempt)
    let id = transactions.freshID(using: &generator)
    do {
      let message = try STUNMessage.encode(
        MessageType(.request, .connectionBind), transactionID: id
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(connectionID: self.id)
        try session.protect(&message)
      }
      try transactions.begin(message, tag: true, to: server, at: now)
    } catch {
      // A user name, realm or nonce so long that nothing else fits.
      return fail(.cannotAuthenticate)
    }
    takeActions()
  }

  private mutating func response(
    _ message: STUNMessageView, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard message.verifyFingerprint() != .wrong,
      let response = transactions.match(message, from: server)
    else { return }
    var code: ErrorCode?
    if message.type.class == .errorResponse {
      code = (try? message.errorCode) ?? nil
      guard let code else { return fail(.malformedResponse) }
      if code == .unauthenticated || code == .staleNonce {
        transactions.complete(response.id, at: now)
        switch session.challenged(by: message, code, &attempt) {
        case .retry: return request(at: now, using: &generator)
        case .fail: return fail(.refused(code))
        case .drop: return fail(.malformedResponse)
        case .noKnownAlgorithm: return fail(.cannotAuthenticate)
        }
      }
    }
    guard attempt.protection.isSatisfied(by: message) else { return fail(.integrityViolation) }
    transactions.complete(response.id, at: now)
    if let code { return fail(.refused(code)) }
    guard !message.hasUnknownRequirement else { return fail(.malformedResponse) }
    state = .bound
  }

  private mutating func takeActions() {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, _, _): actions.append(.send(bytes))
      case .timedOut: fail(.timedOut)
      }
    }
  }

  private mutating func fail(_ failure: Failure) {
    guard case .binding = state else { return }
    transactions.cancelAll()
    state = .failed(failure)
    actions.append(.failed(failure))
  }
}
