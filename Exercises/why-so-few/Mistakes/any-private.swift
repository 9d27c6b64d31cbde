// Fails: A list with all three types has nothing wrong
// You look for a private address anywhere in the list. Host candidates at home have one, and are right:
// it is the relay's address that must not be private.
import ICE
import TransportAddress

func whyNoMore(_ candidates: [Candidate]) -> String? {
  if candidates.contains(where: { $0.address.address.classification == .private }) {
    return "relay inside"
  }
  if candidates.contains(where: { $0.type == .relayed }) { return nil }
  return candidates.contains { $0.type == .serverReflexive } ? "no relay" : "no UDP"
}
