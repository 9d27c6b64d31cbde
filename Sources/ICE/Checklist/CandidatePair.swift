public import TransportAddress

/// A local and a remote candidate: one path that a connectivity check can try.
public struct CandidatePair: Hashable, Sendable {
  /// The agent's own candidate.
  public let local: Candidate
  /// The peer's candidate.
  public internal(set) var remote: Candidate
  /// The order of the checks, from high to low; both agents compute the same number.
  public private(set) var priority: UInt64
  /// The progress of the pair's check.
  public internal(set) var state: State = .frozen

  /// A Frozen pair, with the priority that its candidates and the agent's role give.
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
    let g = UInt64(min(controlling, ICEConstants.highestPriority))
    let d = UInt64(min(controlled, ICEConstants.highestPriority))
    return min(g, d) << 32 + 2 * max(g, d) + (g > d ? 1 : 0)
  }
  // snippet.end

  /// The address from which checks are sent: the local candidate's base (RFC 8445 §6.1.2.4).
  ///
  /// An agent cannot send from a reflexive address, which its NAT makes of the base.
  public var base: TransportAddress { local.base }

  /// Whether checks on the two would be the same packets (RFC 8445 §6.1.2.4).
  public func isRedundant(with other: CandidatePair) -> Bool {
    path == other.path
  }

  /// The foundations of both candidates together.
  ///
  /// - Complexity: O(1), without a string.
  public var foundation: Foundation {
    Foundation(local: local.foundation, remote: remote.foundation)
  }
}

extension CandidatePair: CustomStringConvertible {
  /// Both candidates: `10.0.0.2:5000 host → 192.168.1.5:6000 host`.
  public var description: String { "\(local) → \(remote)" }
}
