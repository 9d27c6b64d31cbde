// Fails: If one controls and the other is controlled, all stays as it is
// You compare the numbers at once. They count only in a conflict, when both claim the same role.
import ICE

func roleAfter(
  _ theirs: AgentRole, _ theirTiebreaker: UInt64, role: AgentRole, tiebreaker: UInt64
) -> AgentRole? {
  let isLarger = tiebreaker >= theirTiebreaker
  switch role {
  case .controlling: return isLarger ? nil : .controlled
  case .controlled: return isLarger ? .controlling : nil
  }
}
