// Fails: Without a NAT the server-reflexive one is redundant
// You count what a server sees even where no box has changed it. Then it has the address and the base
// of the host candidate, and is left out.
import ICE
import TransportAddress

func expectedTypes(
  isBehindNAT: Bool, letsOut: Set<TransportProtocol>, hasSTUNServer: Bool,
  relay: Set<TransportProtocol>
) -> [CandidateType] {
  var types: [CandidateType] = [.host]
  if letsOut.contains(.udp) && (hasSTUNServer || relay.contains(.udp)) {
    types.append(.serverReflexive)
  }
  if !letsOut.isDisjoint(with: relay) { types.append(.relayed) }
  return types
}
