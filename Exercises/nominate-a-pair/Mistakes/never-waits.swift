// Fails: A better pair that may still succeed is waited for
// You take what works at once. Relays answer quickly, and the direct path's first check is often lost:
// with a moment's patience the call need not pass the relay.
import ICE

func nominee(states: [CandidatePair.State], isTimeUp: Bool) -> Int? {
  return states.firstIndex(of: .succeeded)
}
