/// A caller's mistake in the use of a ``ChecklistSet``.
public enum ChecklistError: Error, Hashable, Sendable {
  /// The limit of pairs is less than 1.
  case noRoom(limit: Int)
  /// The set has no checklist with this index.
  case noChecklist(Int)
  /// The set has no pair with this identity: it never had, or the pair was removed.
  case noPair(PairID)
  /// The candidates differ in component, transport or IP version (RFC 8445 §6.1.2.2).
  case cannotPair(local: Candidate, remote: Candidate)
  /// The pair cannot get from the one state into the other in one step (RFC 8445 §6.1.2.6).
  case noTransition(PairID, from: CandidatePair.State, to: CandidatePair.State)
}

extension ChecklistError: CustomStringConvertible {
  /// What was asked for, and why it cannot be.
  public var description: String {
    switch self {
    case .noRoom(let limit): "a limit of \(limit) pairs leaves no room for one"
    case .noChecklist(let index): "there is no checklist \(index)"
    case .noPair(let id): "there is no pair \(id)"
    case .cannotPair(let local, let remote):
      "\(local) and \(remote) differ in component, transport or IP version (RFC 8445 §6.1.2.2)"
    case .noTransition(let id, let from, let to):
      "pair \(id) cannot go from \(from) to \(to) (RFC 8445 §6.1.2.6)"
    }
  }
}
