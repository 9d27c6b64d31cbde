// Fails: A worse pair is not waited for
// You wait until no check is under way. A pair that is worse than the one that works cannot change
// the choice.
import ICE

func nominee(states: [CandidatePair.State], isTimeUp: Bool) -> Int? {
  let isOpen = states.contains { $0 == .waiting || $0 == .inProgress }
  if isOpen, !isTimeUp { return nil }
  return states.firstIndex(of: .succeeded)
}
