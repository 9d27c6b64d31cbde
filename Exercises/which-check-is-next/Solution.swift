import ICE

func nextCheck(states: [CandidatePair.State], triggered: inout [Int]) -> Int? {
  if !triggered.isEmpty { return triggered.removeFirst() }
  return states.firstIndex(of: .waiting)
}
