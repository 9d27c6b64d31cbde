// Fails: The lower priority stands in the upper 32 bits
// The higher priority stands first, so one good end would lift a path above others that are good
// at both ends. The worse end has to count first.
import ICE

func pairPriority(local: UInt32, remote: UInt32, role: AgentRole) -> UInt64 {
  let g = UInt64(role == .controlling ? local : remote)
  let d = UInt64(role == .controlling ? remote : local)
  return max(g, d) << 32 + 2 * min(g, d) + (g > d ? 1 : 0)
}
