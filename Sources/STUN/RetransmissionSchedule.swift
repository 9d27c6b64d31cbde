/// When a request over datagrams is sent again, and when its sender gives up.
///
///     send       1    2     3      4       5        6         7            failed
///     wait      RTO  2·RTO 4·RTO  8·RTO  16·RTO   32·RTO   Rm·RTO
///     at (ms)    0   500   1500   3500    7500    15500     31500           39500
///
/// Each wait is twice the one before it, but for the last, which is Rm × RTO and not another
/// doubling. RFC 8489 §6.2.1.
public struct RetransmissionSchedule: Hashable, Sendable {
  /// The first wait: how long an answer may take before it counts as lost.
  public let rto: Duration
  /// Rc: how often the request is sent, the first time included.
  public let sendCount: Int
  /// Rm: how many RTOs to wait after the last send.
  public let lastWaitFactor: Int

  /// The RFC's own numbers unless others are given; a count or factor below 1 is taken as 1.
  public init(
    rto: Duration = .milliseconds(500), sendCount: Int = 7, lastWaitFactor: Int = 16
  ) {
    // No wait may be negative or so long that doubling it 30 times leaves the timeline.
    self.rto = min(max(rto, .milliseconds(1)), .seconds(60))
    self.sendCount = min(max(sendCount, 1), 30)
    self.lastWaitFactor = min(max(lastWaitFactor, 1), 1 << 20)
  }

  // snippet.wait
  /// How long to wait after the send of this number, the first being 1.
  public func wait(afterSend number: Int) -> Duration {
    number < sendCount ? rto * (1 << (number - 1)) : rto * lastWaitFactor
  }
  // snippet.end

  /// How long after the first send the send of this number falls, the first being 1.
  public func offset(ofSend number: Int) -> Duration {
    rto * ((1 << (min(max(number, 1), sendCount) - 1)) - 1)
  }

  /// How long after the first send the transaction has failed.
  public var timeout: Duration { offset(ofSend: sendCount) + wait(afterSend: sendCount) }
}
