// Fails: A relay that is asked over UDP tells what it saw, too
// You ask the STUN server alone for the server-reflexive one. The relay has seen her packets as well,
// and its response says so.
import ICE
import TransportAddress

func expectedTypes(
  isBehindNAT: Bool, letsOut: Set<TransportProtocol>, hasSTUNServer: Bool,
  relay: Set<TransportProtocol>
) -> [CandidateType] {
  var types: [CandidateType] = [.host]
  if isBehindNAT && letsOut.contains(.udp) && hasSTUNServer { types.append(.serverReflexive) }
  if !letsOut.isDisjoint(with: relay) { types.append(.relayed) }
  return types
}
