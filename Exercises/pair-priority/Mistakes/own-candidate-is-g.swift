// Fails: To a controlled agent the peer's candidate is G
// G is taken to be your own candidate, whatever your role. Then the two agents disagree about the
// last bit: G belongs to the agent that controls, and that may be the other one.
import ICE

func pairPriority(local: UInt32, remote: UInt32, role: AgentRole) -> UInt64 {
  let g = UInt64(local)
  let d = UInt64(remote)
  return min(g, d) << 32 + 2 * max(g, d) + (g > d ? 1 : 0)
}
