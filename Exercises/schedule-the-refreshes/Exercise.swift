/// When a client renews what a relay has lent it.
///
/// All begins at second 0. Each thing is renewed some time before its life
/// ends, the margin, and from then on it lives as long again.
///
/// You will need:
///
///     var times: Set<Int> = []  // each number is in it once
///     for time in stride(from: 60, to: end, by: 60) {}  // 60, 120, …, < end
///     times.sorted()            // as a list, the smallest first
///
/// - Parameters:
///   - lifetimes: how many seconds each thing lives: allocation, permission,
///     channel.
///   - margin: how many seconds before its end it is renewed; less than each
///     lifetime.
///   - end: the second in which the call is over, and nothing is renewed any
///     more.
/// - Returns: the seconds in which something is renewed, the smallest first,
///   each once.
func refreshTimes(lifetimes: [Int], margin: Int, until end: Int) -> [Int] {
  // Your code here.
  return []
}
