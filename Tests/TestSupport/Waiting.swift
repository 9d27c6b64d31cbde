import Glibc

/// What a test waited for has not come.
public struct WaitedInVain: Error, CustomStringConvertible {
  /// What was waited for.
  public var what: String

  /// The sentence that the test's failure shows.
  public var description: String { "waited in vain for \(what)" }
}

/// Waits until a condition holds; it is asked again every 20 ms, and once more when the time is up.
///
/// - Throws: ``WaitedInVain`` after so many seconds, and what the condition throws.
public func waitFor(
  _ what: String, seconds: Int = 5, _ holds: () throws -> Bool
) throws {
  let end = ContinuousClock.now.advanced(by: .seconds(seconds))
  repeat {
    if try holds() { return }
    // The one pause in all tests: between two questions, never in the place of one.
    poll(nil, 0, 20)
  } while ContinuousClock.now < end
  guard try holds() else { throw WaitedInVain(what: what) }
}
