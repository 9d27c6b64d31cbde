import Calls
import ICE

/// Tells which of the other side's candidates may be used, after all that has
/// come by signaling.
///
/// A candidate is of use if it has the username fragment of the latest
/// description. It may come before that description: then it is kept until it
/// has come. You will need:
///
///     for signal in signals {
///       switch signal {
///       case .offer(_, let description), .answer(_, let description):
///         description.credentials.usernameFragment
///       case .candidate(let candidate, let fragment): …
///       default: break
///       }
///     }
///
/// - Parameter signals: what has come, in this order.
/// - Returns: the candidates of use, in the order in which they came.
func usableCandidates(_ signals: [Signal]) -> [CandidateAttribute] {
  // Your code here.
  return []
}
