import ICE

func pairPriority(local: UInt32, remote: UInt32, role: AgentRole) -> UInt64 {
  let g = UInt64(role == .controlling ? local : remote)
  let d = UInt64(role == .controlling ? remote : local)
  return min(g, d) << 32 + 2 * max(g, d) + (g > d ? 1 : 0)
}
