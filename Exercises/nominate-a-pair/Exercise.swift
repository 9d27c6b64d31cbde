import ICE

/// Chooses the pair that the controlling agent nominates now
/// (RFC 8445 §8.1.1).
///
/// It nominates the best pair that has succeeded, but waits for a better one
/// that still may, until the time is up.
///
/// You will need:
///
///     for (index, state) in states.enumerated() { … }
///     switch state { case .frozen, .waiting, .inProgress: … }
///
/// - Parameters:
///   - states: the states of the pairs, the pair with the highest priority
///     first.
///   - isTimeUp: whether it has waited long enough.
/// - Returns: the index of the pair; nil if it nominates none now.
func nominee(states: [CandidatePair.State], isTimeUp: Bool) -> Int? {
  // Your code here.
  return nil
}
