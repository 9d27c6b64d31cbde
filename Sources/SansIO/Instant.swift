/// A point in time of a protocol, in nanoseconds since the start of its timeline.
///
/// Protocol code reads no clock; its driver passes the time to it. A simulator can therefore make an
/// hour pass in a microsecond, and a test can stop time. Arithmetic saturates at the ends of the
/// timeline instead of trapping, because a timeout may come from an untrusted peer.
@frozen
public struct Instant: Hashable, Sendable, InstantProtocol {
  /// Nanoseconds since the start of the timeline; about 292 years fit.
  public var nanoseconds: Int64

  /// Creates the instant so many nanoseconds after the start of the timeline.
  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The start of every timeline.
  @inlinable
  public static var zero: Instant { Instant(nanoseconds: 0) }

  /// The instant `seconds` after the start.
  public static func seconds(_ seconds: Int64) -> Instant {
    Instant(nanoseconds: seconds.clampedProduct(1_000_000_000))
  }

  /// The instant `milliseconds` after the start.
  public static func milliseconds(_ milliseconds: Int64) -> Instant {
    Instant(nanoseconds: milliseconds.clampedProduct(1_000_000))
  }

  /// The instant `duration` later, or the end of the timeline if that is nearer.
  public func advanced(by duration: Duration) -> Instant {
    advanced(byNanoseconds: duration.wholeNanoseconds)
  }

  /// The instant so many nanoseconds later, or the end of the timeline if that is nearer.
  package func advanced(byNanoseconds count: Int64) -> Instant {
    Instant(nanoseconds: nanoseconds.clampedSum(count))
  }

  /// The time from this instant to `other`; negative if `other` is earlier.
  public func duration(to other: Instant) -> Duration {
    .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
  }

  /// Whether `left` is earlier than `right`.
  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Duration {
  /// This duration in nanoseconds, truncated towards zero and saturated to `Int64`.
  public var wholeNanoseconds: Int64 {
    // Up to nine seconds the attoseconds fit a word, whose division by a constant is cheap.
    if let attoseconds = Int64(exactly: attoseconds) { return attoseconds / 1_000_000_000 }
    let (seconds, attoseconds) = components
    return seconds.clampedProduct(1_000_000_000).clampedSum(attoseconds / 1_000_000_000)
  }
}

extension Int64 {
  /// The sum, or the nearest value that fits.
  fileprivate func clampedSum(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The product with a positive factor, or the nearest value that fits.
  fileprivate func clampedProduct(_ factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}

extension Instant: CustomStringConvertible {
  /// The time in seconds with as many decimals as needed: `0 s`, `1.5 s`, `0.000001 s`.
  public var description: String {
    let whole = nanoseconds.magnitude / 1_000_000_000
    let fraction = nanoseconds.magnitude % 1_000_000_000
    var text = "\(nanoseconds < 0 ? "-" : "")\(whole)"
    if fraction > 0 {
      var digits = String(fraction + 1_000_000_000).dropFirst()
      while digits.last == "0" { digits.removeLast() }
      text += ".\(digits)"
    }
    return text + " s"
  }
}
