/// The way in which an agent obtained a candidate (RFC 8445 §5.1.1).
public enum CandidateType: Hashable, Sendable, CaseIterable {
  /// An address of the agent's own host.
  case host
  /// The address that a STUN server saw: the outside of the NAT towards that server.
  case serverReflexive
  /// The address that the peer saw in a check: the outside of the NAT towards the peer.
  case peerReflexive
  /// An address on a TURN server that relays packets.
  case relayed

  /// The recommended type preference, 0 to 126, higher for a straighter path (RFC 8445 §5.1.2.2).
  ///
  /// Peer-reflexive stands above server-reflexive: a check proved that path, a server only told.
  public var preference: UInt8 {
    switch self {
    case .host: ICEConstants.hostPreference
    case .peerReflexive: ICEConstants.peerReflexivePreference
    case .serverReflexive: ICEConstants.serverReflexivePreference
    case .relayed: ICEConstants.relayedPreference
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

  /// Whether a NAT made the address: the agent sends from the base, never from the address.
  public var isReflexive: Bool { self == .serverReflexive || self == .peerReflexive }
}

extension CandidateType: CustomStringConvertible {
  /// The RFC's name of the type, such as `server-reflexive`.
  public var description: String {
    switch self {
    case .host: "host"
    case .serverReflexive: "server-reflexive"
    case .peerReflexive: "peer-reflexive"
    case .relayed: "relayed"
    }
  }
}
