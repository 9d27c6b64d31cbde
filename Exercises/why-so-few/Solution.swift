import ICE
import TransportAddress

func whyNoMore(_ candidates: [Candidate]) -> String? {
  if let relayed = candidates.first(where: { $0.type == .relayed }) {
    return relayed.address.address.classification == .private ? "relay inside" : nil
  }
  return candidates.contains { $0.type == .serverReflexive } ? "no relay" : "no UDP"
}
