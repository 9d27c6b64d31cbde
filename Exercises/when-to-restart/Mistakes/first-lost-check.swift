// Fails: A consent check or two without an answer are no reason
// You give up when a single check has no answer. Packets are lost every day, and a restart costs new
// candidates and new checks: consent lasts for 30 seconds.
import TransportAddress

func decide(
  base: IPAddress, gathered: Set<IPAddress>, now: Set<IPAddress>, silence: Int
) -> (sends: Bool, restarts: Bool) {
  guard !now.isEmpty else { return (false, false) }
  let sends = now.contains(base) && silence <= 6
  return (sends, !sends || !now.isSubset(of: gathered))
}
