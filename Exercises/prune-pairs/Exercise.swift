import ICE

/// Leaves out the pairs whose checks would be the same packets as a better
/// pair's (RFC 8445 §6.1.2.4).
///
/// You will need:
///
///     pair.local.base          // where the packets of a pair are sent from
///     pair.remote.address      // where they are sent to
///     kept.contains { $0.remote.address == pair.remote.address }
///
/// - Parameter pairs: the pairs, the best first.
/// - Returns: those that are left, in the same order.
func pruned(_ pairs: [CandidatePair]) -> [CandidatePair] {
  // Your code here.
  return []
}
