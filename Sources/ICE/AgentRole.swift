/// Who decides which pair is used (RFC 8445 §6.1.1).
///
/// The initiating agent is controlling, the responding one controlled; if exactly one of them is a
/// lite implementation, the full one is controlling, whoever initiated.
public enum AgentRole: Hashable, Sendable, CaseIterable {
  case controlling
  case controlled

  /// The role of the peer.
  public var opposite: AgentRole { self == .controlling ? .controlled : .controlling }
}

extension AgentRole: CustomStringConvertible {
  public var description: String { self == .controlling ? "controlling" : "controlled" }
}
