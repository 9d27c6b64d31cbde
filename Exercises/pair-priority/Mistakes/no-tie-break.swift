// Fails: The last bit is set if the controlling agent's candidate has the higher priority
// The last term is missing: a pair and its mirror image get the same priority, and then each agent
// may check them in an order of its own.
import ICE

func pairPriority(local: UInt32, remote: UInt32, role: AgentRole) -> UInt64 {
  let low = UInt64(min(local, remote))
  let high = UInt64(max(local, remote))
  return low << 32 + 2 * high
}
