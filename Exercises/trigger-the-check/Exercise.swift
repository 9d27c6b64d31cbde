import ICE

/// What a check of the peer's does to the pair that it came for
/// (RFC 8445 §7.3.1.4).
///
/// You will need:
///
///     states[pair] == .succeeded     // its own check has been answered
///     states[pair] = .waiting        // it may be checked, perhaps once more
///     triggered.contains(pair)
///     triggered.append(pair)         // behind all others in the queue
///
/// - Parameters:
///   - pair: the number of the pair.
///   - states: the states of all pairs, by their numbers.
///   - triggered: the queue of triggered checks: the pairs whose checks go out
///     first, in order.
func checkArrived(
  for pair: Int, states: inout [CandidatePair.State], triggered: inout [Int]
) {
  // Your code here.
}
