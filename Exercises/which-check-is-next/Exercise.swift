import ICE

/// Chooses the pair whose check goes out now (RFC 8445 §6.1.4.2).
///
/// Ta has passed since the last one. Nothing is frozen here.
///
/// You will need:
///
///     triggered.isEmpty
///     triggered.removeFirst()          // takes the first one out
///     states.firstIndex(of: .failed)   // the first with this state, or nil
///
/// - Parameters:
///   - states: the states of the pairs, the pair with the highest priority
///     first.
///   - triggered: the queue of triggered checks, each given by its index in
///     `states`.
/// - Returns: the index of the pair; nil if there is none to be checked.
func nextCheck(states: [CandidatePair.State], triggered: inout [Int]) -> Int? {
  // Your code here.
  return nil
}
