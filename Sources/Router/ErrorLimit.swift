import SansIO

/// How many ICMP errors the router sends: a burst, then so many a second (RFC 1812 §4.3.2.8).
struct ErrorLimit: Sendable {
  private static let burst = 50
  private static let interval: Duration = .milliseconds(10)

  private var left = burst
  private var counted: Instant = .zero

  /// Whether one more may be sent now, which then counts.
  mutating func allows(at now: Instant) -> Bool {
    let passed = counted.duration(to: now).wholeNanoseconds / Self.interval.wholeNanoseconds
    if passed > 0 {
      left = Int(min(Int64(Self.burst), Int64(left) + passed))
      counted = now
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}
