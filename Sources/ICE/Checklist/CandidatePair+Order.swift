import TransportAddress

extension CandidatePair {
  /// What a check's packets show on the wire: two pairs alike in this are one.
  struct Path: Hashable {
    var component: ComponentID
    var transport: TransportProtocol
    var base: TransportAddress
    var remote: TransportAddress
  }

  var path: Path {
    Path(
      component: local.component, transport: local.transport, base: local.base,
      remote: remote.address)
  }

  /// Whether `left` is checked before `right`.
  ///
  /// Where priorities are equal the RFC leaves the order open; here the addresses decide, the
  /// controlling agent's first, so that both agents still agree and every run is the same.
  static func precedes(_ left: CandidatePair, _ right: CandidatePair, role: AgentRole) -> Bool {
    if left.priority != right.priority { return left.priority > right.priority }
    let (one, other) = (left.ends(role), right.ends(role))
    if one.0.component != other.0.component { return one.0.component < other.0.component }
    if one.0.transport != other.0.transport { return one.0.transport < other.0.transport }
    if one.0.address != other.0.address { return one.0.address < other.0.address }
    if one.1.address != other.1.address { return one.1.address < other.1.address }
    // Only this agent knows its bases: what is left makes every run the same, not both agents.
    return left.local.base < right.local.base
  }

  /// The controlling agent's candidate and the controlled one's.
  private func ends(_ role: AgentRole) -> (Candidate, Candidate) {
    role == .controlling ? (local, remote) : (remote, local)
  }

  /// Whether the candidates may form a pair (RFC 8445 §6.1.2.2).
  ///
  /// Same component, same transport, same IP version; IPv6 link-local only with link-local.
  static func canPair(_ local: Candidate, _ remote: Candidate) -> Bool {
    guard local.component == remote.component, local.transport == remote.transport else {
      return false
    }
    switch (local.address.address, remote.address.address) {
    case (.v4, .v4): return true
    case (.v6(let local), .v6(let remote)):
      return (local.classification == .linkLocal) == (remote.classification == .linkLocal)
    default: return false
    }
  }
}
