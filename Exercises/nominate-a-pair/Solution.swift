import ICE

func nominee(states: [CandidatePair.State], isTimeUp: Bool) -> Int? {
  for (index, state) in states.enumerated() {
    switch state {
    case .succeeded: return index
    case .waiting, .inProgress, .frozen: if !isTimeUp { return nil }
    case .failed: continue
    }
  }
  return nil
}
