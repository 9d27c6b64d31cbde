// Fails: One that comes before its description is kept for it
// You drop what comes before the description. Signals may overtake each other: keep it until the
// description has come.
import Calls
import ICE

func usableCandidates(_ signals: [Signal]) -> [CandidateAttribute] {
  var latest: String?
  var usable: [CandidateAttribute] = []
  for signal in signals {
    switch signal {
    case .offer(_, let description), .answer(_, let description):
      latest = description.credentials.usernameFragment
      usable = []
    case .candidate(let candidate, let fragment):
      if fragment == latest { usable.append(candidate) }
    default: break
    }
  }
  return usable
}
