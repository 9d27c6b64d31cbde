package import SansIO

/// How many refusals are reported: a user can bring about any number of them.
///
/// Some at once, then a few a second; of the others the number is kept, and told before the next that
/// is reported.
package struct RefusalLimit: Sendable {
  /// How many are reported at once.
  package static let burst = 50
  /// How often one more is reported after that.
  package static let interval = Duration.milliseconds(200)

  private let limit = RateLimit(interval: Self.interval, atOnce: Self.burst)
  /// What was reported.
  private var debt = Instant.zero
  private var leftOut = 0

  /// Nothing has been refused yet.
  package init() {}

  /// Whether a refusal is reported; if not, it is counted.
  package mutating func admits(at now: Instant) -> Bool {
    let isAdmitted = limit.admits(at: now, debt: &debt)
    if !isAdmitted { leftOut += 1 }
    return isAdmitted
  }

  /// How many were not reported since this was last asked; nil for none.
  package mutating func takeLeftOut() -> Int? {
    defer { leftOut = 0 }
    return leftOut > 0 ? leftOut : nil
  }
}
