// Fails: If another address is gone the call does not mind
// You restart whenever the addresses change. One that is gone and was not used leaves nothing to find:
// only a new address may bring a better way.
import TransportAddress

func decide(
  base: IPAddress, gathered: Set<IPAddress>, now: Set<IPAddress>, silence: Int
) -> (sends: Bool, restarts: Bool) {
  guard !now.isEmpty else { return (false, false) }
  let sends = now.contains(base) && silence < 30
  return (sends, !sends || now != gathered)
}
