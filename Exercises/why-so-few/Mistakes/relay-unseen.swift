// Fails: A relayed one with a private address is of no use
// You count the types and do not look at the relay's address. A private one leads nowhere.
import ICE
import TransportAddress

func whyNoMore(_ candidates: [Candidate]) -> String? {
  if candidates.contains(where: { $0.type == .relayed }) { return nil }
  return candidates.contains { $0.type == .serverReflexive } ? "no relay" : "no UDP"
}
