extension CandidatePair {
  /// The states of a pair (RFC 8445 §6.1.2.6).
  ///
  /// ```
  /// Frozen ──unfreeze──> Waiting ──perform──> In-Progress ──┬─success─> Succeeded
  ///                       ↑ ↑                   │     ↑     └─failure─> Failed
  ///                       │ └─────repeat────────┘     └─nominate─ Succeeded
  ///                       └─trigger─ Failed
  /// ```
  /// What the RFC's figure leaves out: a triggered check lets a Failed pair wait again, and one
  /// In-Progress too (RFC 8445 §7.3.1.4), as does a role conflict (RFC 8445 §7.2.5.1); nomination
  /// repeats the check of a Succeeded pair (RFC 8445 §8.1.1).
  public enum State: Hashable, Sendable, CaseIterable {
    /// A check has not been sent and may not be yet. Can transition to ``waiting``.
    case frozen
    /// A check has not been sent but may be. Can transition to ``inProgress``.
    case waiting
    /// A check is under way. Can transition to ``succeeded``, ``failed`` and ``waiting``.
    case inProgress
    /// A check has produced a successful result. Can transition to ``inProgress``.
    case succeeded
    /// A check has failed, or got no response. Can transition to ``waiting``.
    case failed

    /// Whether the state machine leads from this state to another in one step.
    public func canTransition(to next: State) -> Bool {
      switch (self, next) {
      case (.frozen, .waiting), (.waiting, .inProgress), (.inProgress, .succeeded),
        (.inProgress, .failed), (.inProgress, .waiting), (.succeeded, .inProgress),
        (.failed, .waiting):
        true
      default: false
      }
    }
  }
}

extension CandidatePair.State: CustomStringConvertible {
  /// The RFC's name of the state, such as `In-Progress`.
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
