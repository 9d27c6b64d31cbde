/// A point on a protocol's own timeline, counted in nanoseconds from zero.
///
/// Protocol code never reads a clock: whoever drives it says what time it is, so that a simulator
/// can make an hour pass in a microsecond and a test can stop the clock. Arithmetic that leaves the
/// timeline stops at its end instead of trapping, as a timeout may be anybody's input.
public struct Instant: Hashable, Sendable, InstantProtocol {
  /// Nanoseconds since the timeline's start; about 292 years fit.
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Where every timeline starts.
  public static let zero = Instant(nanoseconds: 0)

  /// The instant `seconds` after the start.
  public static func seconds(_ seconds: Int64) -> Instant {
    Instant(nanoseconds: seconds.clampedProduct(1_000_000_000))
  }

  /// The instant `milliseconds` after the start.
  public static func milliseconds(_ milliseconds: Int64) -> Instant {
    Instant(nanoseconds: milliseconds.clampedProduct(1_000_000))
  }

  public func advanced(by duration: Duration) -> Instant {
    Instant(nanoseconds: nanoseconds.clampedSum(duration.wholeNanoseconds))
  }

  public func duration(to other: Instant) -> Duration {
    .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
  }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Duration {
  /// This duration in nanoseconds, what is finer cut off, at most what an `Int64` holds.
  public var wholeNanoseconds: Int64 {
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
  /// Seconds with as many decimals as are needed: `0 s`, `1.5 s`, `0.000001 s`.
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
