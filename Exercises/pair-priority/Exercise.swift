import ICE

/// Computes the priority of a candidate pair (RFC 8445 §6.1.2.3).
///
/// Let G be the priority of the controlling agent's candidate and D that of the
/// controlled one's:
///
///     pair priority = 2^32 * min(G, D) + 2 * max(G, D) + (1 if G > D, else 0)
///
/// You will need:
///
///     let mine = UInt64(local)      // before you shift: 32 bits do not do
///
/// - Parameters:
///   - local: the priority of your own candidate, at most 2^31 - 1.
///   - remote: the priority of the peer's candidate, at most 2^31 - 1.
///   - role: your own role.
/// - Returns: the number that the peer computes for this pair, too.
func pairPriority(local: UInt32, remote: UInt32, role: AgentRole) -> UInt64 {
  // Your code here.
  return 0
}
