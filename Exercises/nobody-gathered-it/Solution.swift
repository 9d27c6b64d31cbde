import ICE
import TransportAddress

func discovered(
  from source: TransportAddress, priority: UInt32, foundation: CandidateFoundation,
  known: [Candidate]
) -> Candidate? {
  if known.contains(where: { $0.address == source }) { return nil }
  return Candidate(
    remote: .peerReflexive, source, foundation: foundation, priority: priority)
}
