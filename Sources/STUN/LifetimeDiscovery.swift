internal import STUNCodec
public import SansIO
public import TransportAddress

/// Finds out how long a NAT keeps a mapping that nothing uses, by halving the range.
///
///     X ── Binding ──▶ server: mapped to Pa:Pp        (bind)
///     … T passes …                                    (idle)
///     Y ── Binding, RESPONSE-PORT Pp ──▶ server       (probe)
///     server ──▶ Pa:Pp     on X: alive after T    on Y, or nowhere: expired
///
/// The question cannot be asked from X itself: asking would refresh what is measured. RFC 5780 §4.6.
public struct LifetimeDiscovery<Generator: RandomNumberGenerator & Sendable>: Sendable {
  /// The two ports of the client, as the RFC names them.
  public enum Socket: Hashable, Sendable {
    case x
    case y
  }

  /// What is to be done now.
  public typealias Action = DiscoveryAction<Socket, Outcome>

  public enum Outcome: Hashable, Sendable {
    /// Alive after the first, expired after the second; the second is nil when it never expired.
    case lifetime(atLeast: Duration, below: Duration?)
    /// No answer, or none that says where X is mapped.
    case unreachable
    /// The server does not know RESPONSE-PORT (420).
    case notSupported
  }

  private enum Phase: Sendable {
    /// X asks for its mapping. Can transition to `idle` and the end.
    case binding(ClientTransaction)
    /// Nothing is sent. Can transition to `probing`.
    case idle(until: Instant, port: UInt16)
    /// Y asks for an answer to X. Can transition to `binding` and the end.
    case probing(ClientTransaction)
  }

  public let server: TransportAddress
  private let resolution: Duration
  private let schedule: RetransmissionSchedule
  private var generator: Generator
  private var phase: Phase?
  /// Alive after this long.
  private var low: Duration = .zero
  /// Expired after this long, once that is known.
  private var high: Duration?
  private let longest: Duration

  /// - Parameters:
  ///   - longest: the longest idle time that is tried.
  ///   - resolution: the search ends when the range is as small as this.
  public init(
    server: TransportAddress, longest: Duration = .seconds(600),
    resolution: Duration = .seconds(5),
    schedule: RetransmissionSchedule = .init(sendCount: 3, lastWaitFactor: 4), generator: Generator
  ) {
    self.server = server
    self.longest = max(longest, .seconds(1))
    self.resolution = max(resolution, .milliseconds(1))
    self.schedule = schedule
    self.generator = generator
  }

  /// When `timerFired` is to be called.
  public var nextDeadline: Instant? {
    switch phase {
    case .binding(let transaction), .probing(let transaction): transaction.nextDeadline
    case .idle(let until, _): until
    case nil: nil
    }
  }

  public mutating func started(at now: Instant) -> Action {
    bind(at: now)
  }

  public mutating func timerFired(at now: Instant) -> Action {
    switch phase {
    case .binding(var transaction):
      let action = transaction.timerFired(at: now)
      phase = .binding(transaction)
      switch action {
      case .wait: return .wait
      case .send: return .send(transaction.request, to: server, from: .x)
      case .timeOut: return finish(.unreachable)
      }
    case .idle(let until, let port):
      return now < until ? .wait : probe(port, at: now)
    case .probing(var transaction):
      let action = transaction.timerFired(at: now)
      phase = .probing(transaction)
      switch action {
      case .wait: return .wait
      case .send: return .send(transaction.request, to: server, from: .y)
      case .timeOut: return probed(isAlive: false, at: now)
      }
    case nil: return .wait
    }
  }

  /// Takes bytes that came to one of the sockets.
  public mutating func received(_ bytes: [UInt8], on socket: Socket, at now: Instant) -> Action {
    guard let message = try? STUNMessage(bytes), message.verifyFingerprint() != .wrong else {
      return .wait
    }
    switch phase {
    case .binding(let transaction) where transaction.isAnswered(by: message) && socket == .x:
      guard message.type.class == .successResponse, let mapped = try? message.xorMappedAddress
      else { return finish(.unreachable) }
      phase = .idle(until: now.advanced(by: candidate), port: mapped.port)
      return .wait
    case .probing(let transaction) where transaction.isAnswered(by: message):
      guard message.type.class == .successResponse else { return finish(.notSupported) }
      return probed(isAlive: socket == .x, at: now)
    default: return .wait
    }
  }

  /// The idle time to try next: first the longest, then the middle of what is left.
  private var candidate: Duration {
    guard let high else { return longest }
    return low + (high - low) / 2
  }

  private mutating func probed(isAlive: Bool, at now: Instant) -> Action {
    let tried = candidate
    if isAlive {
      low = tried
      if high == nil { return finish(.lifetime(atLeast: tried, below: nil)) }
    } else {
      high = tried
    }
    if let high, high - low <= resolution {
      return finish(.lifetime(atLeast: low, below: high))
    }
    // Some NATs refresh outbound only: X must send before the next test.
    return bind(at: now)
  }

  private mutating func bind(at now: Instant) -> Action {
    guard let transaction = transaction(responsePort: nil, at: now) else {
      return finish(.unreachable)
    }
    phase = .binding(transaction)
    return .send(transaction.request, to: server, from: .x)
  }

  private mutating func probe(_ port: UInt16, at now: Instant) -> Action {
    guard let transaction = transaction(responsePort: port, at: now) else {
      return finish(.unreachable)
    }
    phase = .probing(transaction)
    return .send(transaction.request, to: server, from: .y)
  }

  private mutating func transaction(
    responsePort: UInt16?, at now: Instant
  ) -> ClientTransaction? {
    ClientTransaction.started(schedule, &generator, at: now) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if let responsePort { try message.append(responsePort: responsePort) }
    }
  }

  private mutating func finish(_ outcome: Outcome) -> Action {
    phase = nil
    return .finished(outcome)
  }
}
