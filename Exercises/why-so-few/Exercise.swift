import ICE
import TransportAddress

/// Says what is wrong with the list of an agent that is behind a NAT, and has
/// asked a STUN server and a relay over UDP.
///
/// You will need:
///
///     candidates.first { $0.type == .relayed }   // nil if there is none
///     candidate.address.address.classification == .private
///
/// - Parameter candidates: all that it has found.
/// - Returns: `"relay inside"` if a relayed candidate has a private address, so
///   that nobody can send there; nil if a relayed one is as it should be;
///   without one, `"no relay"` if UDP gets out all the same, and otherwise
///   `"no UDP"`.
func whyNoMore(_ candidates: [Candidate]) -> String? {
  // Your code here.
  return nil
}
