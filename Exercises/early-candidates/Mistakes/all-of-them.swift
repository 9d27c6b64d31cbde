// Fails: Without a description none is of use yet
// You take whatever comes. Each candidate belongs to a description, the one with its username fragment.
import Calls
import ICE

func usableCandidates(_ signals: [Signal]) -> [CandidateAttribute] {
  signals.compactMap { signal in
    if case .candidate(let candidate, _) = signal { candidate } else { nil }
  }
}
