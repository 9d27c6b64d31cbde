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
  public static let validity: Duration = .seconds(600)

  /// SRTT: the smoothed time, or nil before the first measurement.
  public private(set) var smoothed: Duration?
  /// RTTVAR: how much it varies.
  public private(set) var variation: Duration = .zero
  private(set) var measuredAt: Instant = .zero

  /// An estimate before anything has been measured.
  public init() {}

  /// Takes the round-trip time of a transaction whose request was sent once.
  public mutating func measured(_ time: Duration, at now: Instant) {
    let time = max(time, .zero)
    if let smoothed = current(at: now) {
      let difference = max(smoothed - time, time - smoothed)
      // RFC 6298 §2.3: RTTVAR first, with the old SRTT; beta is 1/4 and alpha 1/8.
      variation = variation * 3 / 4 + difference / 4
      self.smoothed = smoothed * 7 / 8 + time / 8
    } else {
      smoothed = time
      variation = time / 2
    }
    measuredAt = now
  }

  /// The RTO for the next transaction with this server.
  public func rto(at now: Instant) -> Duration {
    guard let smoothed = current(at: now) else { return Self.initialRTO }
    // RFC 6298 §2.3 with a clock granularity of one millisecond.
    let rto = smoothed + max(.milliseconds(1), variation * 4)
    let nanoseconds = rto.wholeNanoseconds
    return .milliseconds((nanoseconds + 999_999) / 1_000_000)
  }

  /// Whether something has been measured and may still be believed.
  func isValid(at now: Instant) -> Bool { current(at: now) != nil }

  private func current(at now: Instant) -> Duration? {
    measuredAt.duration(to: now) <= Self.validity ? smoothed : nil
  }
}
