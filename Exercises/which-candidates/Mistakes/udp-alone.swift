// Fails: In the café there is a relayed one by TCP, and no server-reflexive one
// You let her ask the relay over UDP alone. Any protocol will do that the network lets out and the
// relay takes.
import ICE
import TransportAddress

func expectedTypes(
  isBehindNAT: Bool, letsOut: Set<TransportProtocol>, hasSTUNServer: Bool,
  relay: Set<TransportProtocol>
) -> [CandidateType] {
  var types: [CandidateType] = [.host]
  let isSeen = letsOut.contains(.udp) && (hasSTUNServer || relay.contains(.udp))
  if isBehindNAT && isSeen { types.append(.serverReflexive) }
  if letsOut.contains(.udp) && relay.contains(.udp) { types.append(.relayed) }
  return types
}
