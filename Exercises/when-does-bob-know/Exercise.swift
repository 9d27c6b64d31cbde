/// Tells when Bob knows each of Alice's candidates.
///
/// You will need:
///
///     found.map { $0 + 40 }    // the same with each time
///     found.max() ?? 0         // the latest
///
/// - Parameters:
///   - found: after how many milliseconds she finds each of her candidates.
///   - latency: how many milliseconds a signal travels.
///   - trickles: whether each candidate is sent as soon as it is found;
///     otherwise all are sent in one message, once she has the last.
/// - Returns: for each candidate, after how many milliseconds Bob knows it.
func arrivalTimes(found: [Int], latency: Int, trickles: Bool) -> [Int] {
  // Your code here.
  return []
}
