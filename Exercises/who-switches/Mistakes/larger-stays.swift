// Fails: If both are controlled, who has the larger number takes control
// You let the larger number keep its role in both cases. It does not keep, it controls: if both are
// controlled, it is the larger one that must switch.
import ICE

func roleAfter(
  _ theirs: AgentRole, _ theirTiebreaker: UInt64, role: AgentRole, tiebreaker: UInt64
) -> AgentRole? {
  guard theirs == role else { return role }
  return tiebreaker >= theirTiebreaker ? nil : role.opposite
}
