/// The identity of a pair in its checklist set: it never changes, and no other pair ever gets it.
public struct PairID: Hashable, Sendable {
  /// The index of the pair's checklist in the set.
  public let checklist: Int
  /// The number of the pair in its checklist, in the order in which pairs came, from 0.
  public let number: Int
}

extension PairID: CustomStringConvertible {
  /// Both numbers: `0.3`.
  public var description: String { "\(checklist).\(number)" }
}
