internal import STUNCodec
public import SansIO
public import TransportAddress

/// Finds out how long a NAT keeps a mapping that nothing uses, by halving the range.
///
///     X ── Binding ──▶ server: mapped to Pa:Pp        (binding)
///     … T passes …                                    (idle)
///     Y ── Binding, RESPONSE-PORT Pp ──▶ server       (probing)
///     server ──▶ Pa:Pp     on X: alive after T    on Y, or nowhere: expired
///
/// The request cannot be sent from X itself: that would refresh what is measured (RFC 5780 §3.3).
public struct LifetimeDiscovery: Sendable {
  /// The two ports of the client, as the RFC names them.
  public enum Socket: Hashable, Sendable {
    /// The one whose mapping is measured.
    case x
    /// The one that asks for responses to the first.
    case y
  }

  /// What is to be done now.
  public typealias Action = DiscoveryAction<Socket, Outcome>

  /// What has been found.
  public enum Outcome: Hashable, Sendable {
    /// Alive after the first, expired after the second; the second is nil when it never expired.
    case lifetime(atLeast: Duration, below: Duration?)
    /// No response, or none that says where X is mapped.
    case unreachable
    /// The server does not know RESPONSE-PORT (420).
    case notSupported
  }

  /// What is known of the lifetime.
  private struct Range: Sendable {
    /// Alive after this long.
    var low: Duration = .zero
    /// Expired after this long; nil until that has been seen.
    var high: Duration?
    let longest: Duration

    /// The idle time to try next: first the longest, then the middle of what is left.
    var candidate: Duration { high.map { low + ($0 - low) / 2 } ?? longest }
  }

  private enum State: Sendable {
    /// Can transition to `binding`.
    case ready
    /// X asks for its mapping. Can transition to `idle` and `finished`.
    case binding(TransactionID)
    /// Nothing is sent. Can transition to `probing`.
    case idle(until: Instant, port: UInt16)
    /// Y asks for a response to X. Can transition to `binding` and `finished`.
    case probing(TransactionID)
    /// Final.
    case finished
  }

  /// The server, which must know RESPONSE-PORT.
  public let server: TransportAddress
  private let resolution: Duration
  private var state = State.ready
  private var range: Range
  private var transactions: Transactions<Socket>
  private var actions = ActionQueue<Action>()

  /// - Parameters:
  ///   - longest: the longest idle time that is tried, 1 s or more.
  ///   - resolution: the search ends when the range is as small as this; positive.
  /// - Throws: when one of them is too small.
  public init(
    server: TransportAddress, longest: Duration = .seconds(600),
    resolution: Duration = .seconds(5), schedule: RetransmissionSchedule = .short
  ) throws(STUNConfigurationError) {
    guard longest >= .seconds(1) else { throw .longestOutOfRange(longest) }
    guard resolution > .zero else { throw .resolutionOutOfRange(resolution) }
    self.server = server
    self.resolution = resolution
    range = Range(longest: longest)
    transactions = Transactions(unchecked: .datagrams(schedule), capacity: 1)
  }

  /// When `timerFired` is to be called; nil before the start and after the end.
  public var nextDeadline: Instant? {
    if case .idle(let until, _) = state { until } else { transactions.nextDeadline }
  }

  /// Messages that were no response to the test, by reason.
  public var drops: DropCounts<ResponseDropReason> { transactions.drops }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  /// Begins by asking where X is mapped.
  ///
  /// - Throws: when it has begun before.
  public mutating func started(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) throws(DiscoveryError) {
    guard case .ready = state else { throw .alreadyStarted }
    bind(at: now, using: &generator)
  }

  /// Sends again what is due, and probes the mapping when it has been idle for long enough.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    if case .idle(let until, let port) = state {
      if now >= until { probe(port, at: now, using: &generator) }
      return
    }
    transactions.timerFired(at: now)
    takeActions(at: now, using: &generator)
  }

  /// Takes bytes that came to one of the sockets.
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, on socket: Socket, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes.bytes)
    } catch {
      return transactions.countDrop(.notSTUN)
    }
    guard let response = transactions.match(message, from: source) else { return }
    guard response.isSymmetric else { return transactions.countDrop(.unexpectedSource) }
    let isSuccess = message.type.class == .successResponse
    switch state {
    case .binding:
      guard socket == .x else { return transactions.countDrop(.unexpectedSocket) }
      transactions.complete(response.id, at: now)
      guard isSuccess, let mapped = message.readableXORMappedAddress else {
        return finish(.unreachable)
      }
      state = .idle(until: now.advanced(by: range.candidate), port: mapped.port)
    case .probing:
      transactions.complete(response.id, at: now)
      guard isSuccess else { return finish(.notSupported) }
      probed(isAlive: socket == .x, at: now, using: &generator)
    // Nothing is on its way then, so nothing matches.
    case .ready, .idle, .finished: break
    }
  }

  private mutating func probed(
    isAlive: Bool, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    let tried = range.candidate
    if isAlive {
      range.low = tried
      if range.high == nil { return finish(.lifetime(atLeast: tried, below: nil)) }
    } else {
      range.high = tried
    }
    if let high = range.high, high - range.low <= resolution {
      return finish(.lifetime(atLeast: range.low, below: high))
    }
    // Some NATs refresh outbound only: X must send before the next test.
    bind(at: now, using: &generator)
  }

  private mutating func bind(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    state = .binding(
      transactions.beginTest(tag: .x, to: server, at: now, using: &generator))
    takeActions(at: now, using: &generator)
  }

  private mutating func probe(
    _ port: UInt16, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    state = .probing(
      transactions.beginTest(
        tag: .y, to: server, at: now, using: &generator, responsePort: port))
    takeActions(at: now, using: &generator)
  }

  private mutating func takeActions(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, let target, let socket):
        actions.append(.send(bytes, to: target, from: socket))
      case .timedOut:
        if case .probing = state {
          probed(isAlive: false, at: now, using: &generator)
        } else {
          finish(.unreachable)
        }
      }
    }
  }

  private mutating func finish(_ outcome: Outcome) {
    state = .finished
    actions.append(.finished(outcome))
  }
}
