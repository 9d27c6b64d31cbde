// Fails: A new port is a new candidate, though the address is known
// You compare the IP addresses alone. A symmetric box shows the same address with another port, and
// that port is the whole point.
import ICE
import TransportAddress

func discovered(
  from source: TransportAddress, priority: UInt32, foundation: CandidateFoundation,
  known: [Candidate]
) -> Candidate? {
  if known.contains(where: { $0.address.address == source.address }) { return nil }
  return Candidate(
    remote: .peerReflexive, source, foundation: foundation, priority: priority)
}
