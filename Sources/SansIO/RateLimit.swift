/// How often something may happen: so many times at once, and once more in each interval after that.
///
/// What has happened so far is one instant, the *debt*: when all of it would have been over, had it
/// come once in each interval. So a limit can hold for many sources, which have a debt each.
public struct RateLimit: Hashable, Sendable {
  private let interval: Duration
  private let burst: Duration

  /// A limit of `atOnce` times at once, 1 at least, and one more in each interval.
  public init(interval: Duration, atOnce: Int) {
    self.interval = interval
    burst = interval * max(1, atOnce)
  }

  /// Whether it may happen once more; if so, it is added to the debt.
  ///
  /// - Complexity: O(1); allocates nothing.
  public func admits(at now: Instant, debt: inout Instant) -> Bool {
    let next = max(debt, now).advanced(by: interval)
    guard now.duration(to: next) <= burst else { return false }
    debt = next
    return true
  }
}
