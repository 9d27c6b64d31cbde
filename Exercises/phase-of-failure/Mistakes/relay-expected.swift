// Fails: If nothing was heard of Bob's candidates it was signaling
// You want all three types. A café's list has no server-reflexive one, and there is nothing wrong
// with it: only a list of host candidates alone says that no server has answered.
import ICE

func phaseOfFailure(
  types: Set<CandidateType>, heard: Int, succeeded: Int, isSelected: Bool,
  silence: Int, media: Int
) -> String? {
  if media > 0 { return nil }
  if isSelected { return silence >= 30 ? "consent" : "media" }
  if succeeded > 0 { return "nomination" }
  if !types.isSuperset(of: [.serverReflexive, .relayed]) { return "gathering" }
  return heard == 0 ? "signaling" : "checks"
}
