internal import SansIO

/// How many bytes of challenges go to sources that have proven nothing, all sources together.
///
/// A challenge is longer than its request, as it has REALM and NONCE in it. A limit for each source does
/// not help where each request is forged to have another source: all of them together would have more
/// bytes sent than they bring. So requests pay for challenges with their own bytes, and what is missing
/// comes from a stock that fills slowly. A flood empties it and gets fewer bytes than it sends; who asks
/// for an allocation meanwhile repeats the request until one is answered.
struct ChallengeBudget: Sendable {
  /// The headers of IPv4 and UDP: they are sent, too.
  private static var headerByteCount: Int { 28 }
  /// So many bytes a second come by themselves: what a thousand challenges are longer than they pay for.
  private static var bytesPerSecond: Int64 { 96_000 }
  /// What may be in stock: enough for sixteen thousand clients who begin at once.
  private static var maximum: Int { 1_536_000 }

  private var stock = Self.maximum
  private var filled = Instant.zero

  /// Whether a challenge may be sent; if so, it is paid for.
  ///
  /// - Complexity: O(1); allocates nothing.
  mutating func admits(challengeOf count: Int, to requestOf: Int, at now: Instant) -> Bool {
    fill(at: now)
    // An eighth less than it brings, as the stock gives something, too.
    stock = min(Self.maximum, stock + (requestOf + Self.headerByteCount) * 7 / 8)
    guard stock >= count + Self.headerByteCount else { return false }
    stock -= count + Self.headerByteCount
    return true
  }

  private mutating func fill(at now: Instant) {
    // In whole milliseconds, so that no part of one is lost.
    let milliseconds = filled.duration(to: now).wholeNanoseconds / 1_000_000
    guard milliseconds > 0 else { return }
    filled = filled.advanced(by: .milliseconds(milliseconds))
    let bytes = min(milliseconds, 60_000) * Self.bytesPerSecond / 1000
    stock = min(Self.maximum, stock + Int(bytes))
  }
}
