import Calls
import ICE

func usableCandidates(_ signals: [Signal]) -> [CandidateAttribute] {
  var latest: String?
  var all: [(candidate: CandidateAttribute, fragment: String)] = []
  for signal in signals {
    switch signal {
    case .offer(_, let description), .answer(_, let description):
      latest = description.credentials.usernameFragment
    case .candidate(let candidate, let fragment): all.append((candidate, fragment))
    default: break
    }
  }
  return all.filter { $0.fragment == latest }.map(\.candidate)
}
