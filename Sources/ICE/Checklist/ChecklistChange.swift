/// The pairs that came and went when a ``ChecklistSet`` changed.
public struct ChecklistChange: Hashable, Sendable {
  /// The new pairs, of one checklist after the other from the highest priority to the lowest.
  public internal(set) var added: [PairID] = []
  /// The pairs that made room: redundant with better ones, Failed, or the lowest of too many.
  ///
  /// Code that stores identities, such as a queue of triggered checks, must forget these.
  public internal(set) var removed: [PairID] = []
  /// The reason why the candidate was not taken; nil if it was.
  public internal(set) var ignored: Reason?

  /// Whether no pair came or went.
  public var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  /// A reason to ignore a candidate: the peer's behavior, so not an error.
  public enum Reason: Hashable, Sendable, CaseIterable {
    /// The checklist has the candidate, or a pair with the same path, already.
    case duplicate
    /// The checklist has as many remote candidates as the set may have pairs, or no pair can go.
    case tooMany
  }
}
