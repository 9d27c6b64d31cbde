public import SansIO

/// The smoothed round-trip time to one server, and the RTO that follows from it.
///
/// RFC 6298 §2 with the two exceptions of RFC 8489 §6.2.1: the first RTO is 500 ms, and an RTO is
/// exact to the millisecond, not rounded up to a second. Only transactions whose request was sent
/// once may be measured, as a response does not say which send it belongs to (Karn's algorithm).
public struct RoundTripEstimate: Hashable, Sendable {
  /// The RTO before anything has been measured.
  public static let initialRTO: Duration = .milliseconds(500)
  /// How long a measurement is believed (RFC 8489 §6.2.1).
  public static let validity: Duration = .nanoseconds(validityNanoseconds)
  private static let validityNanoseconds: Int64 = 600_000_000_000

  /// In nanoseconds: `Duration` counts attoseconds, whose division costs more than the rest.
  private struct Measurement: Hashable {
    var smoothed: Int64
    var variation: Int64
    var at: Instant
  }

  private var latest: Measurement?

  /// An estimate before anything has been measured.
  public init() {}

  /// SRTT: the smoothed time, or nil before the first measurement.
  public var smoothed: Duration? { latest.map { .nanoseconds($0.smoothed) } }

  /// RTTVAR: how much it varies.
  public var variation: Duration { .nanoseconds(latest?.variation ?? 0) }

  /// When the latest time was measured.
  var measuredAt: Instant { latest?.at ?? .zero }

  /// Takes the round-trip time of a transaction whose request was sent once; an hour at most counts.
  public mutating func measured(_ time: Duration, at now: Instant) {
    let time = min(max(time.wholeNanoseconds, 0), 3_600_000_000_000)
    guard var estimate = current(at: now) else {
      latest = Measurement(smoothed: time, variation: time / 2, at: now)
      return
    }
    // RFC 6298 §2.3: RTTVAR first, with the old SRTT; beta is 1/4 and alpha 1/8.
    estimate.variation += (abs(estimate.smoothed - time) - estimate.variation) / 4
    estimate.smoothed += (time - estimate.smoothed) / 8
    estimate.at = now
    latest = estimate
  }

  /// The RTO for the next transaction with this server.
  public func rto(at now: Instant) -> Duration {
    guard let estimate = current(at: now) else { return Self.initialRTO }
    // RFC 6298 §2.3 with a clock granularity of one millisecond.
    let nanoseconds = estimate.smoothed + max(1_000_000, 4 * estimate.variation)
    return .milliseconds((nanoseconds + 999_999) / 1_000_000)
  }

  /// Whether something has been measured and may still be believed.
  func isValid(at now: Instant) -> Bool { current(at: now) != nil }

  private func current(at now: Instant) -> Measurement? {
    guard let latest, now <= latest.at.advanced(byNanoseconds: Self.validityNanoseconds) else {
      return nil
    }
    return latest
  }
}
