// Fails: A pair that has worked proves that gathering was enough
// You begin with gathering, whatever has worked. In one house host candidates are enough: a pair that
// has succeeded proves that both lists were good. Ask from the end first.
import ICE

func phaseOfFailure(
  types: Set<CandidateType>, heard: Int, succeeded: Int, isSelected: Bool,
  silence: Int, media: Int
) -> String? {
  if media > 0 { return nil }
  if types == [.host] { return "gathering" }
  if heard == 0 { return "signaling" }
  if isSelected { return silence >= 30 ? "consent" : "media" }
  return succeeded > 0 ? "nomination" : "checks"
}
