// Fails: For a new address she restarts, and talks on meanwhile
// You stop sending as soon as a restart is due. The old pair works for as long as its address and its
// consent last: nobody need notice the change.
import TransportAddress

func decide(
  base: IPAddress, gathered: Set<IPAddress>, now: Set<IPAddress>, silence: Int
) -> (sends: Bool, restarts: Bool) {
  guard !now.isEmpty else { return (false, false) }
  let restarts = !now.contains(base) || silence >= 30 || !now.isSubset(of: gathered)
  return (!restarts, restarts)
}
