/// How far a component is on its way to a selected pair.
///
/// ```
///       description           a check succeeded          nominated
///  new ───────────▶ checking ─────────────────▶ connected ─────────▶ selected ⟲ other pair
///                    │    ▲──── the valid pair failed ──┘ │                │
///                    └───────────────────┬────────────────┘                │
///                                        ▼                                 │
///                                      failed ◀── consent expired ─────────┘
/// ```
/// A restart leads from every state to `new`.
public enum ComponentState: Hashable, Sendable {
  /// The peer's description is not there. Can transition to ``checking``.
  case new
  /// Checks are under way, and no pair is valid. Can transition to ``connected(_:)``,
  /// ``selected(_:)`` and ``failed(_:)``.
  case checking
  /// A pair is valid, over which data may be sent already (RFC 8445 §12.1). Can transition to
  /// ``selected(_:)``, ``failed(_:)``, itself with another pair, and ``checking``.
  case connected(PairID)
  /// A pair has been nominated. Can transition to itself with another pair, and to ``failed(_:)``.
  case selected(PairID)
  /// No data may be sent. A restart is the only way out.
  case failed(FailureReason)

  /// Whether one step leads from this state to another one.
  public func canTransition(to next: ComponentState) -> Bool {
    switch (self, next) {
    case (_, .new), (.new, .checking), (.checking, .connected), (.checking, .selected),
      (.connected, .connected), (.connected, .checking), (.connected, .selected),
      (.selected, .selected), (.new, .failed), (.checking, .failed), (.connected, .failed),
      (.selected, .failed):
      true
    default: false
    }
  }
}

extension ComponentState {
  /// Whether the component has failed because one of the agents has no candidate for it.
  var isWithoutCandidates: Bool {
    switch self {
    case .failed(.noLocalCandidate), .failed(.noRemoteCandidate): true
    default: false
    }
  }
}

/// The state of a checklist (RFC 8445 §6.1.2.1).
public enum StreamState: Hashable, Sendable {
  /// Not all components have a selected pair. Can transition to ``completed`` and ``failed(_:)``.
  case running
  /// All components that count have a selected pair. Can transition to ``failed(_:)``.
  case completed
  /// A component has failed, the first with this reason. Can transition to ``running`` by a restart.
  case failed(FailureReason)
}

/// The state of the ICE session, of all checklists together (RFC 8445 §6.1.3).
public enum AgentState: Hashable, Sendable {
  /// The peer's description is not there. Can transition to ``running``.
  case new
  /// A checklist is running. Can transition to ``completed`` and ``failed(_:)``.
  case running
  /// No checklist is running, and one at least has completed. Can transition to ``failed(_:)``, and
  /// to ``new`` by a restart.
  case completed
  /// Every checklist has failed, the first for this reason. Can transition to ``new`` by a restart.
  case failed(FailureReason)
}

/// Why a component has no pair over which data may be sent.
public enum FailureReason: Hashable, Sendable, CaseIterable {
  /// This agent has no candidate for the component.
  case noLocalCandidate
  /// The peer has named no candidate for the component.
  case noRemoteCandidate
  /// The candidates fit into no pair: their IP versions differ (RFC 8445 §6.1.2.2).
  case noPair
  /// Every pair's check has failed (RFC 8445 §7.2.5.2).
  case noPairSucceeded
  /// Pairs are valid, and the controlling agent has nominated none (RFC 8445 §8.1.1).
  case notNominated
  /// No valid response to a consent check has come for 30 seconds (RFC 7675 §5.1).
  case consentExpired
  /// The peer has refused a consent check with 403 (RFC 7675 §5.2).
  case consentRevoked
}

extension FailureReason: CustomStringConvertible {
  /// The reason as a sentence.
  public var description: String {
    switch self {
    case .noLocalCandidate: "this agent has no candidate"
    case .noRemoteCandidate: "the peer has named no candidate"
    case .noPair: "no local candidate fits a remote one (RFC 8445 §6.1.2.2)"
    case .noPairSucceeded: "no check has succeeded within the patience (RFC 8863 §4)"
    case .notNominated: "a pair is valid, and the peer has nominated none (RFC 8445 §8.1.1)"
    case .consentExpired: "no consent check has been answered for 30 s (RFC 7675 §5.1)"
    case .consentRevoked: "the peer has refused a consent check (RFC 7675 §5.2)"
    }
  }
}

extension ComponentState: CustomStringConvertible {
  /// The state, and the pair or the reason.
  public var description: String {
    switch self {
    case .new: "new"
    case .checking: "checking"
    case .connected(let pair): "connected by pair \(pair)"
    case .selected(let pair): "selected pair \(pair)"
    case .failed(let reason): "failed: \(reason)"
    }
  }
}

extension StreamState: CustomStringConvertible {
  /// The RFC's name of the state, and the reason of a failure.
  public var description: String {
    switch self {
    case .running: "Running"
    case .completed: "Completed"
    case .failed(let reason): "Failed: \(reason)"
    }
  }
}

extension AgentState: CustomStringConvertible {
  /// The RFC's name of the state, and the reason of a failure.
  public var description: String {
    switch self {
    case .new: "new"
    case .running: "Running"
    case .completed: "Completed"
    case .failed(let reason): "Failed: \(reason)"
    }
  }
}
