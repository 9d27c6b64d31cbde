import SansIO

/// How many ICMP errors the router sends: a burst of 50, then one each 10 ms (RFC 1812 §4.3.2.8).
struct ErrorLimit: Sendable {
  private static let burst = 50
  private static let interval: Int64 = 10_000_000

  private var left = burst
  /// When the latest of those that have been credited was due, in nanoseconds.
  private var credited: Int64 = 0

  /// Whether one more may be sent now, which then counts.
  mutating func allows(at now: Instant) -> Bool {
    let due = max(0, now.nanoseconds &- credited) / Self.interval
    if due >= Int64(Self.burst - left) {
      // What is due beyond the burst is lost, and with it the fraction.
      left = Self.burst
      credited = now.nanoseconds
    } else {
      left += Int(due)
      credited += due * Self.interval
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}
