// Fails: A check under way is not begun a second time
// You take the first pair that has no result yet. A check that is under way has none either, and is
// not begun anew: look for those that wait.
import ICE

func nextCheck(states: [CandidatePair.State], triggered: inout [Int]) -> Int? {
  if !triggered.isEmpty { return triggered.removeFirst() }
  return states.firstIndex { $0 == .waiting || $0 == .inProgress }
}
