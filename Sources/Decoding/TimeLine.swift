/// Times of a capture in seconds, apart for each clock that it was recorded with.
///
/// Captures that were merged can hold times of several clocks, one of which starts at 0, say: times
/// more than a day away from a clock's others belong to another one.
struct TimeLine: Sendable {
  /// Each clock's first time, and the range that it has covered, in nanoseconds since 1970.
  private var clocks: [(start: Int64, earliest: Int64, latest: Int64)] = []
  private static let day: Int64 = 86_400_000_000_000

  /// Takes a time, which may begin a new clock.
  mutating func observed(_ time: Int64) {
    if let index = index(of: time) {
      clocks[index].earliest = min(clocks[index].earliest, time)
      clocks[index].latest = max(clocks[index].latest, time)
    } else {
      clocks.append((time, time, time))
    }
  }

  /// How many clocks there are.
  var clockCount: Int { clocks.count }

  /// The first time of all.
  var start: Int64 { clocks.first?.start ?? 0 }

  /// Which clock a time belongs to, counted from 1, and the seconds since that clock's first time.
  func place(of time: Int64) -> (clock: Int, seconds: Double) {
    guard let index = index(of: time) else { return (1, Double(time &- start) / 1e9) }
    return (index + 1, Double(time &- clocks[index].start) / 1e9)
  }

  /// `0.020000 s`, or `clock 2, 0.020000 s` for times of another clock than the first.
  func text(_ time: Int64) -> String {
    let (clock, seconds) = place(of: time)
    return (clock > 1 ? "clock \(clock), " : "") + Self.text(seconds: seconds)
  }

  /// Seconds with six digits behind the point.
  static func text(seconds: Double) -> String {
    let microseconds = Int64((seconds * 1e6).rounded())
    let fraction = String(microseconds.magnitude % 1_000_000 + 1_000_000).dropFirst()
    return "\(microseconds < 0 ? "-" : "")\(microseconds.magnitude / 1_000_000).\(fraction) s"
  }

  private func index(of time: Int64) -> Int? {
    clocks.firstIndex {
      let (before, isBefore) = $0.earliest.subtractingReportingOverflow(time)
      let (after, isAfter) = time.subtractingReportingOverflow($0.latest)
      return !isBefore && !isAfter && before <= Self.day && after <= Self.day
    }
  }
}
