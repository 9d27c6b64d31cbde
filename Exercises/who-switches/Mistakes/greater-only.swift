// Fails: Of equal numbers the one that is asked counts as the larger
// You ask for greater, not for greater or equal. With equal numbers both would give in, and then
// nobody controls.
import ICE

func roleAfter(
  _ theirs: AgentRole, _ theirTiebreaker: UInt64, role: AgentRole, tiebreaker: UInt64
) -> AgentRole? {
  guard theirs == role else { return role }
  let isLarger = tiebreaker > theirTiebreaker
  switch role {
  case .controlling: return isLarger ? nil : .controlled
  case .controlled: return isLarger ? .controlling : nil
  }
}
