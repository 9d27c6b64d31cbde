import ICE

func phaseOfFailure(
  types: Set<CandidateType>, heard: Int, succeeded: Int, isSelected: Bool,
  silence: Int, media: Int
) -> String? {
  if media > 0 { return nil }
  if isSelected { return silence >= 30 ? "consent" : "media" }
  if succeeded > 0 { return "nomination" }
  if types == [.host] { return "gathering" }
  return heard == 0 ? "signaling" : "checks"
}
