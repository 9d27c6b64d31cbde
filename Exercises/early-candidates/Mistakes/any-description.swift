// Fails: After a restart those of before are void
// You take the candidates of every description that has come. Only the latest one counts: a restart has
// made the others void.
import Calls
import ICE

func usableCandidates(_ signals: [Signal]) -> [CandidateAttribute] {
  var known: Set<String> = []
  for signal in signals {
    switch signal {
    case .offer(_, let description), .answer(_, let description):
      known.insert(description.credentials.usernameFragment)
    default: break
    }
  }
  return signals.compactMap { signal in
    guard case .candidate(let candidate, let fragment) = signal else { return nil }
    return known.contains(fragment) ? candidate : nil
  }
}
