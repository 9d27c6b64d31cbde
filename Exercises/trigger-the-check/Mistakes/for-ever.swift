// Fails: A pair that has succeeded is left alone
// A pair that has succeeded is checked again. Your check triggers one at the peer's, and that one
// another one of yours: two agents that do so never stop.
import ICE

func checkArrived(
  for pair: Int, states: inout [CandidatePair.State], triggered: inout [Int]
) {
  states[pair] = .waiting
  if !triggered.contains(pair) { triggered.append(pair) }
}
