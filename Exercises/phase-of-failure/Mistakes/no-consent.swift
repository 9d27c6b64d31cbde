// Fails: A selected pair without responses has lost its consent
// You say media as soon as a pair is selected. Look at the silence, too: without consent her agent
// must not send, whatever media does.
import ICE

func phaseOfFailure(
  types: Set<CandidateType>, heard: Int, succeeded: Int, isSelected: Bool,
  silence: Int, media: Int
) -> String? {
  if media > 0 { return nil }
  if isSelected { return "media" }
  if succeeded > 0 { return "nomination" }
  if types == [.host] { return "gathering" }
  return heard == 0 ? "signaling" : "checks"
}
