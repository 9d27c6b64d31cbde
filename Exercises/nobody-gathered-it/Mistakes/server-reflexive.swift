// Fails: It is peer-reflexive
// You call it server-reflexive. No server has seen this address: it came to light in a packet from
// peer to peer.
import ICE
import TransportAddress

func discovered(
  from source: TransportAddress, priority: UInt32, foundation: CandidateFoundation,
  known: [Candidate]
) -> Candidate? {
  if known.contains(where: { $0.address == source }) { return nil }
  return Candidate(
    remote: .serverReflexive, source, foundation: foundation, priority: priority)
}
