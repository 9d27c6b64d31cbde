public import STUNCodec
public import SansIO

/// One request on its way to a response.
///
///             started            timerFired (again: send)
///     ready ──────────▶ waiting ◀──────────┐
///                          │ └─────────────┘
///                          ├─ completed ──────────▶ finished
///                          └─ timerFired (last) ──▶ finished
///
/// It sends the same bytes every time: a request that changes is another one and needs another
/// transaction ID (RFC 8489 §5).
public struct ClientTransaction: Sendable {
  /// How the request travels.
  public enum Transport: Hashable, Sendable {
    /// Over datagrams, which may be lost: the request is sent again (RFC 8489 §6.2.1).
    case datagrams(RetransmissionSchedule = .init())
    /// Over a stream, which sends again by itself: wait for Ti (RFC 8489 §6.2.2).
    case stream(timeout: Duration = .milliseconds(39_500))
  }

  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send `request`, the very same bytes.
    case send
    /// Nothing; come back at `nextDeadline`.
    case wait
    /// Give up: no response has come.
    case timeOut
  }

  private enum State: Hashable, Sendable {
    /// Can transition to `waiting`.
    case ready
    /// Can transition to itself, with one more send or without further ones, and to `finished`.
    case waiting(sends: Int, first: Instant, deadline: Instant, isLast: Bool)
    /// Completed or given up. Final.
    case finished(sends: Int)
  }

  /// The request's transaction ID.
  public let id: TransactionID
  /// The request's class and method.
  public let type: MessageType
  /// The whole request.
  public let request: [UInt8]
  /// How the request travels.
  public let transport: Transport
  private var state = State.ready

  /// A transaction for these bytes, which must be a message.
  ///
  /// - Throws: what is wrong with the bytes.
  public init(
    _ request: [UInt8], over transport: Transport = .datagrams()
  ) throws(STUNDecodingError) {
    let message = try STUNMessageView(request.span.bytes)
    id = message.transactionID
    type = message.type
    self.request = request
    self.transport = transport
  }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? {
    if case .waiting(_, _, let deadline, _) = state { deadline } else { nil }
  }

  /// How often the request has been sent.
  public var sendCount: Int {
    switch state {
    case .ready: 0
    case .waiting(let sends, _, _, _), .finished(let sends): sends
    }
  }

  /// Begins; called a second time it does nothing.
  public mutating func started(at now: Instant) -> Action {
    guard case .ready = state else { return .wait }
    state = .waiting(
      sends: 1, first: now, deadline: now.advanced(by: wait(afterSend: 1)), isLast: false)
    return .send
  }

  /// Says what the passing of time calls for; a call that comes too early calls for nothing.
  public mutating func timerFired(at now: Instant) -> Action {
    guard case .waiting(let sends, let first, let deadline, let isLast) = state, now >= deadline
    else { return .wait }
    guard case .datagrams(let schedule) = transport, sends < schedule.sendCount, !isLast else {
      state = .finished(sends: sends)
      return .timeOut
    }
    // Counted from the deadline, not from now: a late timer does not put off all that follow, but
    // neither do sends that were missed all go out at once.
    let next = deadline.advanced(by: wait(afterSend: sends + 1))
    state = .waiting(
      sends: sends + 1, first: first, deadline: max(next, now.advanced(by: schedule.rto)),
      isLast: false)
    return .send
  }

  /// Sends no more, but waits for a response as long as the whole schedule would.
  mutating func stoppedRetransmitting() {
    guard case .waiting(let sends, let first, let deadline, false) = state,
      case .datagrams(let schedule) = transport
    else { return }
    state = .waiting(
      sends: sends, first: first,
      deadline: max(deadline, first.advanced(by: schedule.timeout)), isLast: true)
  }

  /// Whether this message is a response to the request: of its method, with its ID.
  public func isCompleted(by message: STUNMessageView) -> Bool {
    guard case .waiting = state else { return false }
    let type = message.type
    return message.transactionID == id && type.method == self.type.method && type.isResponse
  }

  /// Ends the transaction with a response that was found good, and gives the round-trip time.
  ///
  /// - Returns: nil when the request was sent more than once: then the time has two meanings.
  public mutating func completed(at now: Instant) -> Duration? {
    guard case .waiting(let sends, let first, _, _) = state else { return nil }
    state = .finished(sends: sends)
    return sends == 1 ? first.duration(to: now) : nil
  }

  private func wait(afterSend number: Int) -> Duration {
    switch transport {
    case .datagrams(let schedule): schedule.wait(afterSend: number)
    case .stream(let timeout): max(timeout, .zero)
    }
  }
}

extension MessageType {
  /// Whether the class is one of the two kinds of response.
  var isResponse: Bool { self.class == .successResponse || self.class == .errorResponse }
}
