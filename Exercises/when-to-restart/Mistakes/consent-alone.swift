// Fails: If the address of the pair is gone a restart is due at once
// You look at consent alone. When the address is gone she knows it from her own system, and need not
// be silent for 30 seconds to find out.
import TransportAddress

func decide(
  base: IPAddress, gathered: Set<IPAddress>, now: Set<IPAddress>, silence: Int
) -> (sends: Bool, restarts: Bool) {
  guard !now.isEmpty else { return (false, false) }
  let sends = silence < 30
  return (sends, !sends || !now.isSubset(of: gathered))
}
