/// How an agent came by a candidate (RFC 8445 §5.1.1).
public enum CandidateType: Hashable, Sendable, CaseIterable {
  /// An address of the host's own: it needs nobody's help to learn.
  case host
  /// What a STUN server saw: the outside of the NAT towards that server.
  case serverReflexive
  /// What the peer saw in a connectivity check: the outside of the NAT towards the peer.
  case peerReflexive
  /// An address on a TURN server that relays what comes in.
  case relayed

  /// The recommended type preference, 0 to 126, higher for the straighter path (RFC 8445 §5.1.2.2).
  ///
  /// Peer-reflexive stands above server-reflexive: a check proved that path, a server only told.
  public var preference: UInt8 {
    switch self {
    case .host: 126
    case .peerReflexive: 110
    case .serverReflexive: 100
    case .relayed: 0
    }
  }

  /// The type in a candidate line: `host`, `srflx`, `prflx` or `relay` (RFC 8839 §5.1).
  public var token: String {
    switch self {
    case .host: "host"
    case .serverReflexive: "srflx"
    case .peerReflexive: "prflx"
    case .relayed: "relay"
    }
  }

  /// The type with this token, in any case of letters; nil for a type not known here.
  public init?(token: some StringProtocol) {
    let token = token.lowercased()
    guard let type = Self.allCases.first(where: { $0.token == token }) else { return nil }
    self = type
  }

  /// Whether a NAT made the address, so that nothing can be sent *from* it, only from its base.
  public var isReflexive: Bool { self == .serverReflexive || self == .peerReflexive }
}

extension CandidateType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .host: "host"
    case .serverReflexive: "server-reflexive"
    case .peerReflexive: "peer-reflexive"
    case .relayed: "relayed"
    }
  }
}
