public import SansIO

/// A time as NTP has it: seconds since 1900 and a fraction of 2³² (RFC 3550 §4).
///
/// A machine without a clock counts from the start of its timeline, which RFC 3550 §6.4.1 allows. It does
/// so from 1970 on, so that a time is never 0, which stands for none.
public struct NTPTime: Hashable, Sendable {
  /// Whole seconds, modulo 2³².
  public let seconds: UInt32
  /// Parts of a second, of which 2³² are one.
  public let fraction: UInt32

  /// A time with these fields.
  public init(seconds: UInt32, fraction: UInt32) {
    (self.seconds, self.fraction) = (seconds, fraction)
  }

  /// The time of an instant; what is before the start of the timeline counts as the start.
  public init(_ instant: Instant) {
    let time = max(0, instant.nanoseconds)
    seconds = UInt32(truncatingIfNeeded: time / 1_000_000_000 + 2_208_988_800)
    fraction = UInt32(truncatingIfNeeded: (time % 1_000_000_000) << 32 / 1_000_000_000)
  }

  /// The middle 32 bits: seconds in the upper half, 1/65 536 s in the lower.
  public var middle: UInt32 { seconds << 16 | fraction >> 16 }
}
