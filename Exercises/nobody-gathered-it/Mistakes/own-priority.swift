// Fails: Its priority is the one that the check has brought along
// You compute a priority for the peer's candidate. The peer has computed one, and sent it along: with
// another one the two of you would have two orders.
import ICE
import TransportAddress

func discovered(
  from source: TransportAddress, priority: UInt32, foundation: CandidateFoundation,
  known: [Candidate]
) -> Candidate? {
  if known.contains(where: { $0.address == source }) { return nil }
  let computed = Candidate.priority(
    typePreference: 110, localPreference: 65535, component: 1)
  return Candidate(
    remote: .peerReflexive, source, foundation: foundation, priority: computed)
}
