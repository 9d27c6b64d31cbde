// Fails: A pair that has failed gets another chance
// A pair that has failed stays so. But its check may have died because the peer's box was still
// closed, and the peer's own check has just opened it.
import ICE

func checkArrived(
  for pair: Int, states: inout [CandidatePair.State], triggered: inout [Int]
) {
  guard states[pair] != .succeeded, states[pair] != .failed else { return }
  states[pair] = .waiting
  if !triggered.contains(pair) { triggered.append(pair) }
}
