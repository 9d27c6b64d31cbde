/// The candidates that an agent has gathered: numbered foundations, nothing redundant.
public struct LocalCandidates: Sendable {
  /// In the order in which they were added.
  public private(set) var candidates: [Candidate] = []

  private var foundations: [FoundationKey: Int] = [:]

  public init() {}

  /// Gathers candidates in order.
  public init(_ candidates: some Sequence<Candidate>) {
    for candidate in candidates { add(candidate) }
  }

  /// Adds a candidate unless it is redundant, and gives it a foundation: `1`, `2`, … (§5.1.1.3).
  ///
  /// A candidate is redundant with another of the same transport address and base; the one with
  /// the lower priority goes (RFC 8445 §5.1.3). So a host that no NAT hides does not offer what
  /// the STUN server told it a second time.
  /// - Returns: the candidate that was dropped, the new one or an old one; nil if none was.
  /// - Complexity: O(n).
  @discardableResult public mutating func add(_ candidate: Candidate) -> Candidate? {
    var new = candidate
    let rival = candidates.firstIndex {
      $0.address == new.address && $0.base == new.base && $0.transport == new.transport
    }
    if let rival, candidates[rival].priority >= new.priority { return new }
    let next = foundations.count + 1
    let number = foundations[FoundationKey(new), default: next]
    foundations[FoundationKey(new)] = number
    new.foundation = String(number)
    let dropped = rival.map { candidates.remove(at: $0) }
    candidates.append(new)
    return dropped
  }
}
