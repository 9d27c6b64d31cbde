import ICE
import TransportAddress

func expectedTypes(
  isBehindNAT: Bool, letsOut: Set<TransportProtocol>, hasSTUNServer: Bool,
  relay: Set<TransportProtocol>
) -> [CandidateType] {
  var types: [CandidateType] = [.host]
  let isSeen = letsOut.contains(.udp) && (hasSTUNServer || relay.contains(.udp))
  if isBehindNAT && isSeen { types.append(.serverReflexive) }
  if !letsOut.isDisjoint(with: relay) { types.append(.relayed) }
  return types
}
