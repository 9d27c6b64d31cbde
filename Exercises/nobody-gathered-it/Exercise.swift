import ICE
import TransportAddress

/// Finds the candidate that a check of the peer's brings to light
/// (RFC 8445 §7.3.1.3).
///
/// You will need:
///
///     known.contains { $0.address == source }
///     // With the type that fits:
///     Candidate(
///       remote: .relayed, source, foundation: foundation, priority: priority)
///
/// - Parameters:
///   - source: the address and port that the check came from.
///   - priority: what its attribute PRIORITY says.
///   - foundation: one that no candidate of the peer's has.
///   - known: the candidates of the peer's that are known so far.
/// - Returns: the new candidate; nil if a known one has this address and port.
func discovered(
  from source: TransportAddress, priority: UInt32,
  foundation: CandidateFoundation,
  known: [Candidate]
) -> Candidate? {
  // Your code here.
  return nil
}
