import ICE
import TransportAddress

/// Tells which types of candidates Alice's agent can find in a network.
///
/// A server that is there answers, if the network lets the question out to it.
///
/// You will need:
///
///     letsOut.contains(.udp)             // or .tcp
///     !letsOut.isDisjoint(with: relay)   // they have something in common
///     types.append(.serverReflexive)     // or .host, .relayed
///
/// - Parameters:
///   - isBehindNAT: whether a box translates her address; without one, what a
///     server sees of her is redundant.
///   - letsOut: the protocols that her network lets out.
///   - hasSTUNServer: whether she knows a STUN server, which she asks over UDP.
///   - relay: the protocols by which she can ask a relay; none if she has no
///     relay.
/// - Returns: the types, in the order host, server-reflexive, relayed.
func expectedTypes(
  isBehindNAT: Bool, letsOut: Set<TransportProtocol>, hasSTUNServer: Bool,
  relay: Set<TransportProtocol>
) -> [CandidateType] {
  // Your code here.
  return []
}
