import TransportAddress

extension CandidatePair {
  /// What a pair's packets pass: the worse of its candidates' types, the two reflexive ones being one.
  enum Kind: Comparable {
    /// A relay.
    case relayed
    /// A NAT.
    case reflexive
    /// Neither: both candidates are hosts.
    case host
  }

  /// The kind of the pair as its candidates say it; its check may show another one.
  var kind: Kind {
    if local.type == .relayed || remote.type == .relayed { return .relayed }
    return local.type == .host && remote.type == .host ? .host : .reflexive
  }

  /// The best kind that a pair can turn out to be beside a valid one; nil if it leads nowhere.
  ///
  /// A valid pair whose local candidate is reflexive shows that a NAT stands in front of this agent. A
  /// private address then reaches public ones through it, and private ones of the peer's only where both
  /// agents have the same address outside (RFC 8445 §8.1.1 leaves the criterion of nomination open).
  func bestKind(beside valid: CandidatePair) -> Kind? {
    guard kind == .host, local.address.address.isPrivateIPv4, valid.local.type.isReflexive,
      case .v4 = valid.local.address.address
    else { return kind }
    guard remote.address.address.isPrivateIPv4 else { return .reflexive }
    let hasOtherNAT =
      valid.remote.type.isReflexive && valid.local.address.address != valid.remote.address.address
    return hasOtherNAT ? nil : .host
  }
}

extension IPAddress {
  fileprivate var isPrivateIPv4: Bool { classification == .private }
}
