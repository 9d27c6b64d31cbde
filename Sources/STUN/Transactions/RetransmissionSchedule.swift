import SansIO

/// When a request over datagrams is sent again, and when its sender gives up.
///
///     send       1    2     3      4       5        6         7            failed
///     wait      RTO  2·RTO 4·RTO  8·RTO  16·RTO   32·RTO   Rm·RTO
///     at (ms)    0   500   1500   3500    7500    15500     31500           39500
///
/// Each wait is twice the one before it, but for the last, which is Rm × RTO and not another
/// doubling (RFC 8489 §6.2.1).
public struct RetransmissionSchedule: Hashable, Sendable {
  // Small numbers, as each request that waits has its schedule.
  private let rtoMicroseconds: Int64
  private let sends: Int32
  private let lastFactor: Int32

  /// The first wait: how long a response may take before it counts as lost; in whole microseconds.
  public var rto: Duration { .microseconds(rtoMicroseconds) }
  /// Rc: how often the request is sent, the first time included.
  public var sendCount: Int { Int(sends) }
  /// Rm: how many RTOs to wait after the last send.
  public var lastWaitFactor: Int { Int(lastFactor) }

  /// The schedule with the RFC's own numbers: RTO 500 ms, Rc 7, Rm 16 (RFC 8489 §6.2.1).
  public init() {
    self.init(unchecked: .milliseconds(500), sendCount: 7, lastWaitFactor: 16)
  }

  /// A schedule of these numbers, each the RFC's unless it is given.
  ///
  /// - Throws: unless `rto` is 1 ms to 60 s, `sendCount` 1 to 30 and `lastWaitFactor` 1 to 2²⁰: then
  ///   no wait leaves the timeline.
  public init(
    rto: Duration = .milliseconds(500), sendCount: Int = 7, lastWaitFactor: Int = 16
  ) throws(STUNConfigurationError) {
    guard rto >= .milliseconds(1), rto <= .seconds(60) else { throw .rtoOutOfRange(rto) }
    guard (1...30).contains(sendCount) else { throw .sendCountOutOfRange(sendCount) }
    guard (1...1 << 20).contains(lastWaitFactor) else {
      throw .lastWaitFactorOutOfRange(lastWaitFactor)
    }
    self.init(unchecked: rto, sendCount: sendCount, lastWaitFactor: lastWaitFactor)
  }

  private init(unchecked rto: Duration, sendCount: Int, lastWaitFactor: Int) {
    rtoMicroseconds = rto.wholeNanoseconds / 1000
    sends = Int32(sendCount)
    lastFactor = Int32(lastWaitFactor)
  }

  /// Three sends and a last wait of four RTOs, 3.5 s in all, for tests that silence may answer.
  public static let short = RetransmissionSchedule(
    unchecked: .milliseconds(500), sendCount: 3, lastWaitFactor: 4)

  /// The same counts with a measured RTO, which is brought into the range of an RTO.
  func with(rto: Duration) -> RetransmissionSchedule {
    RetransmissionSchedule(
      unchecked: min(max(rto, .milliseconds(1)), .seconds(60)), sendCount: sendCount,
      lastWaitFactor: lastWaitFactor)
  }

  // snippet.wait
  /// The wait after the send of this number, the first being 1.
  public func wait(afterSend number: Int) -> Duration {
    let rtoCount = number < sendCount ? 1 << (number - 1) : lastWaitFactor
    return .microseconds(rtoMicroseconds * Int64(rtoCount))
  }
  // snippet.end

  /// The time from the first send to the send of this number, the first being 1.
  public func offset(ofSend number: Int) -> Duration {
    .microseconds(rtoMicroseconds * ((1 << (min(max(number, 1), sendCount) - 1)) - 1))
  }

  /// The time from the first send to the failure of the transaction.
  public var timeout: Duration { offset(ofSend: sendCount) + wait(afterSend: sendCount) }
}
