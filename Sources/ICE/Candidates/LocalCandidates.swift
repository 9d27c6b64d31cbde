/// The candidates that an agent has gathered, with their foundations and without redundant ones.
public struct LocalCandidates: Sendable {
  /// The candidates in the order in which they were added.
  public private(set) var candidates: [Candidate] = []

  private var foundations = FoundationNumbers()

  /// No candidates.
  public init() {}

  /// Gathers candidates in order.
  ///
  /// - Complexity: O(n²) for n candidates.
  public init(_ candidates: some Sequence<GatheredCandidate>) {
    for candidate in candidates { add(candidate) }
  }

  /// The outcome of adding a candidate.
  public enum Addition: Hashable, Sendable {
    /// The candidate is new.
    case added(Candidate)
    /// The candidate is new, and an older one of lower priority was redundant with it.
    case replaced(Candidate, with: Candidate)
    /// The candidate is redundant with an older one and was dropped.
    case redundant(GatheredCandidate)
  }

  /// Adds a candidate unless it is redundant, and gives it a foundation: `1`, `2`, … (RFC 8445
  /// §5.1.1.3).
  ///
  /// A candidate is redundant with another of the same transport, address and base; the one with
  /// the lower priority goes (RFC 8445 §5.1.3). So an agent behind no NAT does not offer the address that the STUN server reported a second time.
  /// - Complexity: O(n) for n candidates.
  @discardableResult public mutating func add(_ candidate: GatheredCandidate) -> Addition {
    let rival = candidates.firstIndex {
      $0.address == candidate.address && $0.base == candidate.base
        && $0.transport == candidate.transport
    }
    if let rival, candidates[rival].priority >= candidate.priority { return .redundant(candidate) }
    let new = Candidate(candidate, foundation: foundations.foundation(of: candidate))
    let dropped = rival.map { candidates.remove(at: $0) }
    candidates.append(new)
    return dropped.map { .replaced($0, with: new) } ?? .added(new)
  }
}

extension LocalCandidates.Addition: CustomStringConvertible {
  /// What became of the candidate, in a few words.
  public var description: String {
    switch self {
    case .added(let candidate): "added \(candidate)"
    case .replaced(let old, with: let new): "added \(new) in place of \(old)"
    case .redundant(let candidate): "redundant: \(candidate.address) \(candidate.type.token)"
    }
  }
}
