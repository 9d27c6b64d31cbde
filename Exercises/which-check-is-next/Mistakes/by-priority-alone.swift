// Fails: A triggered check goes before all others
// Only the priority decides. A triggered check is for a path that the peer has just used, so it is the
// one that is most likely to work: it goes first.
import ICE

func nextCheck(states: [CandidatePair.State], triggered: inout [Int]) -> Int? {
  return states.firstIndex(of: .waiting)
}
