// Fails: A private host candidate is as it should be
// Without a server-reflexive one you say that no UDP gets out. A relayed one shows that it does: look
// for that first.
import ICE
import TransportAddress

func whyNoMore(_ candidates: [Candidate]) -> String? {
  guard candidates.contains(where: { $0.type == .serverReflexive }) else {
    let inside = candidates.contains {
      $0.type == .relayed && $0.address.address.classification == .private
    }
    return inside ? "relay inside" : "no UDP"
  }
  guard let relayed = candidates.first(where: { $0.type == .relayed }) else { return "no relay" }
  return relayed.address.address.classification == .private ? "relay inside" : nil
}
