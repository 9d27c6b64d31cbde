// Fails: Who comes first is first in the queue, and nobody is in it twice
// The pair goes to the front of the queue. Those that came before it have waited longer: it is first
// in, first out.
import ICE

func checkArrived(
  for pair: Int, states: inout [CandidatePair.State], triggered: inout [Int]
) {
  guard states[pair] != .succeeded else { return }
  states[pair] = .waiting
  if !triggered.contains(pair) { triggered.insert(pair, at: 0) }
}
