import TransportAddress

func decide(
  base: IPAddress, gathered: Set<IPAddress>, now: Set<IPAddress>, silence: Int
) -> (sends: Bool, restarts: Bool) {
  guard !now.isEmpty else { return (false, false) }
  let sends = now.contains(base) && silence < 30
  return (sends, !sends || !now.isSubset(of: gathered))
}
