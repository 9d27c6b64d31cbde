// Fails: The lower priority stands in the upper 32 bits
// The shift happens in 32 bits, and all of them fall off at the left end. Make the number a UInt64
// before it is shifted, not after.
import ICE

func pairPriority(local: UInt32, remote: UInt32, role: AgentRole) -> UInt64 {
  let g = role == .controlling ? local : remote
  let d = role == .controlling ? remote : local
  return UInt64(min(g, d) << 32) + 2 * UInt64(max(g, d)) + (g > d ? 1 : 0)
}
