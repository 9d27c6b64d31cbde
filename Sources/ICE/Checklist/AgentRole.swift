/// The role of an agent: the controlling one nominates the pairs (RFC 8445 §6.1.1).
///
/// The initiating agent is controlling, the responding one controlled; if exactly one of them is a
/// lite implementation, the full one is controlling in either case.
public enum AgentRole: Hashable, Sendable, CaseIterable {
  /// This agent nominates.
  case controlling
  /// The peer nominates.
  case controlled

  /// The role of the peer.
  public var opposite: AgentRole { self == .controlling ? .controlled : .controlling }
}

extension AgentRole: CustomStringConvertible {
  /// `controlling` or `controlled`.
  public var description: String { self == .controlling ? "controlling" : "controlled" }
}
