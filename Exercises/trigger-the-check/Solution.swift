import ICE

func checkArrived(
  for pair: Int, states: inout [CandidatePair.State], triggered: inout [Int]
) {
  guard states[pair] != .succeeded else { return }
  states[pair] = .waiting
  if !triggered.contains(pair) { triggered.append(pair) }
}
