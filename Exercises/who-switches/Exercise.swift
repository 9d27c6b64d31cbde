import ICE

/// Decides a role conflict, when a check of the peer's has come
/// (RFC 8445 §7.3.1.1).
///
/// You will need:
///
///     role == .controlling
///     tiebreaker >= theirTiebreaker   // yours is larger, or as large
///
/// - Parameters:
///   - theirs: the peer's role, as the check says: ICE-CONTROLLING or
///     ICE-CONTROLLED.
///   - theirTiebreaker: the number in that attribute.
///   - role: your own role.
///   - tiebreaker: your own number.
/// - Returns: the role that you have from now on; nil if you keep yours and
///   answer with error 487, so that the peer switches.
func roleAfter(
  _ theirs: AgentRole, _ theirTiebreaker: UInt64, role: AgentRole,
  tiebreaker: UInt64
) -> AgentRole? {
  // Your code here.
  return nil
}
