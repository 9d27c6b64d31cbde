// Fails: Only a pair that has succeeded can be nominated
// When the time is up you take the best pair that has not failed. It has not succeeded either: over
// it perhaps nothing gets through.
import ICE

func nominee(states: [CandidatePair.State], isTimeUp: Bool) -> Int? {
  for (index, state) in states.enumerated() {
    switch state {
    case .succeeded: return index
    case .waiting, .inProgress, .frozen: return isTimeUp ? index : nil
    case .failed: continue
    }
  }
  return nil
}
