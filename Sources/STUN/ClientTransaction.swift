public import STUNCodec
public import SansIO

/// One request on its way to an answer.
///
///             started            timerFired (again: send)
///     ready ──────────▶ waiting ◀──────────┐
///                          │ └─────────────┘
///                          ├─ received ──────▶ finished
///                          └─ timerFired (last) ─▶ finished
///
/// It sends the same bytes every time: a request that changes is another one and needs another
/// transaction ID. RFC 8489 §6.2.
public struct ClientTransaction: Sendable {
  /// How the request travels.
  public enum Transport: Hashable, Sendable {
    /// Packets may be lost: send again. RFC 8489 §6.2.1.
    case datagrams(RetransmissionSchedule = .init())
    /// The stream sends again by itself: wait for this long, Ti. RFC 8489 §6.2.2.
    case stream(timeout: Duration = .milliseconds(39_500))
  }

  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send `request`, the very same bytes.
    case send
    /// Nothing; come back at `nextDeadline`.
    case wait
    /// Give up: no answer has come.
    case timeOut
  }

  private enum State: Hashable, Sendable {
    /// Can transition to `waiting`.
    case ready
    /// Can transition to itself, with one more send, and to `finished`.
    case waiting(sends: Int, first: Instant, deadline: Instant)
    /// Answered, given up or abandoned. Final.
    case finished(sends: Int)
  }

  public let id: TransactionID
  public let type: MessageType
  /// The whole request.
  public let request: [UInt8]
  public let transport: Transport
  private var state = State.ready

  /// A transaction for these bytes, which must be a message.
  ///
  /// - Throws: what is wrong with the bytes.
  public init(
    _ request: [UInt8], over transport: Transport = .datagrams()
  ) throws(STUNDecodingError) {
    let message = try STUNMessage(request)
    id = message.transactionID
    type = message.type
    self.request = request
    self.transport = transport
  }

  /// When `timerFired` is to be called, or nil when there is nothing to wait for.
  public var nextDeadline: Instant? {
    if case .waiting(_, _, let deadline) = state { deadline } else { nil }
  }

  /// How often the request has been sent.
  public var sendCount: Int {
    switch state {
    case .ready: 0
    case .waiting(let sends, _, _), .finished(let sends): sends
    }
  }

  /// Begins; called a second time it does nothing.
  public mutating func started(at now: Instant) -> Action {
    guard case .ready = state else { return .wait }
    state = .waiting(sends: 1, first: now, deadline: now.advanced(by: wait(afterSend: 1)))
    return .send
  }

  /// Says what the passing of time calls for; a call that comes too early calls for nothing.
  public mutating func timerFired(at now: Instant) -> Action {
    guard case .waiting(let sends, let first, let deadline) = state, now >= deadline else {
      return .wait
    }
    guard case .datagrams(let schedule) = transport, sends < schedule.sendCount else {
      state = .finished(sends: sends)
      return .timeOut
    }
    // Counted from the deadline, not from now: a late timer does not put off all that follow, but
    // neither do sends that were missed all go out at once.
    let next = deadline.advanced(by: wait(afterSend: sends + 1))
    state = .waiting(
      sends: sends + 1, first: first, deadline: max(next, now.advanced(by: schedule.rto)))
    return .send
  }

  /// Whether this message answers the request: a response, of its method, with its ID.
  public func isAnswered(by message: STUNMessage) -> Bool {
    guard case .waiting = state else { return false }
    let type = message.type
    return message.transactionID == id && type.method == self.type.method
      && (type.class == .successResponse || type.class == .errorResponse)
  }

  /// Ends the transaction with an answer that was found good, and gives the round-trip time.
  ///
  /// - Returns: nil when the request was sent more than once, for then the time means nothing.
  public mutating func answered(at now: Instant) -> Duration? {
    guard case .waiting(let sends, let first, _) = state else { return nil }
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
