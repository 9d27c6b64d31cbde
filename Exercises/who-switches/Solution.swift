import ICE

func roleAfter(
  _ theirs: AgentRole, _ theirTiebreaker: UInt64, role: AgentRole, tiebreaker: UInt64
) -> AgentRole? {
  guard theirs == role else { return role }
  let isLarger = tiebreaker >= theirTiebreaker
  switch role {
  case .controlling: return isLarger ? nil : .controlled
  case .controlled: return isLarger ? .controlling : nil
  }
}
