// Fails: What has been sent is out of the queue
// You look at the first of the queue and leave it there, so that it is the next one again, and again.
import ICE

func nextCheck(states: [CandidatePair.State], triggered: inout [Int]) -> Int? {
  if let first = triggered.first { return first }
  return states.firstIndex(of: .waiting)
}
