public import ICE

/// What one agent tells the other outside of the network between them.
///
/// The caller alone begins generations, so that two restarts at once cannot cross: an offer and its
/// answer have the same number.
public enum Signal: Hashable, Sendable {
  /// The caller begins, or restarts: its description.
  case offer(Int, RemoteDescription)
  /// The callee's description in this generation.
  case answer(Int, RemoteDescription)
  /// A candidate of the generation with this username fragment (RFC 8838).
  case candidate(CandidateAttribute, usernameFragment: String)
  /// The generation with this username fragment has no more candidates.
  case endOfCandidates(usernameFragment: String)
  /// An offer or an answer in one message with all candidates and their end, as without trickle.
  indirect case whole([Signal])
  /// The callee asks the caller to restart.
  case restartWanted
}

extension Signal: CustomStringConvertible {
  /// In a few words, for a ladder: `offer 0`, `srflx 198.51.100.1:5000`.
  public var description: String {
    switch self {
    case .offer(let number, _): "offer \(number)"
    case .answer(let number, _): "answer \(number)"
    case .candidate(let line, _): line.candidate?.words ?? "\(line)"
    case .endOfCandidates: "end of candidates"
    case .whole(let signals): signals.map(\.description).joined(separator: ", ")
    case .restartWanted: "restart, please"
    }
  }
}

extension Candidate {
  /// Type and address: `srflx 198.51.100.1:5000`.
  var words: String { "\(type.token) \(address)" }
}
