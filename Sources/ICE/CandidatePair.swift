/// A local and a remote candidate: one path that a connectivity check can try.
public struct CandidatePair: Hashable, Sendable {
  public let local: Candidate
  public let remote: Candidate
  /// From high to low, the order of the checks; the same number at both agents.
  public private(set) var priority: UInt64
  public var state: State = .frozen

  public init(local: Candidate, remote: Candidate, role: AgentRole) {
    self.local = local
    self.remote = remote
    priority = 0
    setPriority(for: role)
  }

  /// Computes the priority anew, as after a change of roles (RFC 8445 §7.2.5.1).
  mutating func setPriority(for role: AgentRole) {
    priority =
      switch role {
      case .controlling:
        Self.priority(controlling: local.priority, controlled: remote.priority)
      case .controlled:
        Self.priority(controlling: remote.priority, controlled: local.priority)
      }
  }

  /// The pair's priority from its candidates' (RFC 8445 §6.1.2.3).
  ///
  /// Not "mine" and "theirs" but the controlling agent's and the controlled one's: that is why
  /// both agents get the same number. Priorities over 31 bits, which only a broken peer sends,
  /// count as the highest allowed, and so nothing overflows.
  /// - Complexity: O(1).
  // snippet.pair-priority
  public static func priority(controlling: UInt32, controlled: UInt32) -> UInt64 {
    let g = UInt64(min(controlling, Candidate.highestPriority))
    let d = UInt64(min(controlled, Candidate.highestPriority))
    return min(g, d) << 32 + 2 * max(g, d) + (g > d ? 1 : 0)
  }
  // snippet.end

  /// This pair with a reflexive local candidate replaced by its base (RFC 8445 §6.1.2.4).
  ///
  /// Nobody can send from the outside of a NAT. Priority and foundation stay what they were.
  public var sendingFromBase: CandidatePair {
    guard local.type.isReflexive else { return self }
    var base = local
    base.type = .host
    base.address = local.base
    base.relatedAddress = nil
    var pair = CandidatePair(local: base, remote: remote, role: .controlling)
    pair.priority = priority
    pair.state = state
    return pair
  }

  /// Whether checks on the two would be the same packets (RFC 8445 §6.1.2.4).
  public func isRedundant(with other: CandidatePair) -> Bool {
    path == other.path
  }

  /// The foundations of both candidates together, local first: `1:3`.
  public var foundation: String { "\(local.foundation):\(remote.foundation)" }
}

extension CandidatePair {
  /// The states of a pair, by RFC 8445 §6.1.2.6:
  ///
  /// ```
  /// Frozen ──unfreeze──> Waiting ──perform──> In-Progress ──┬─success─> Succeeded
  ///                                                         └─failure─> Failed
  /// ```
  public enum State: Hashable, Sendable, CaseIterable {
    case frozen, waiting, inProgress, succeeded, failed
  }
}

extension CandidatePair.State: CustomStringConvertible {
  public var description: String {
    switch self {
    case .frozen: "Frozen"
    case .waiting: "Waiting"
    case .inProgress: "In-Progress"
    case .succeeded: "Succeeded"
    case .failed: "Failed"
    }
  }
}

extension CandidatePair: CustomStringConvertible {
  public var description: String { "\(local) → \(remote)" }
}
