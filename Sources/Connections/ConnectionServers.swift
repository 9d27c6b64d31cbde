public import TURN
public import TransportAddress

/// The servers that a ``Connection`` asks for candidates.
public struct ConnectionServers: Hashable, Sendable {
  /// A TURN server, and who it is asked as.
  public struct Relay: Hashable, Sendable {
    /// Its address.
    public var server: TransportAddress
    /// USERNAME.
    public var username: String
    /// The password.
    public var password: String

    /// A server that is asked as this user.
    public init(_ server: TransportAddress, username: String, password: String) {
      (self.server, self.username, self.password) = (server, username, password)
    }
  }

  /// STUN servers, for server-reflexive candidates; each base asks the first of its family.
  public var stun: [TransportAddress]
  /// TURN servers, for relayed candidates; each base asks the first of its family.
  public var relays: [Relay]
  /// Whether relayed candidates alone are used and signaled, so that the peer learns no address of
  /// this host.
  public var relayOnly: Bool

  /// No servers, unless some are given.
  public init(stun: [TransportAddress] = [], relays: [Relay] = [], relayOnly: Bool = false) {
    (self.stun, self.relays, self.relayOnly) = (stun, relays, relayOnly)
  }
}

/// Why a server has given no candidate.
public enum ServerFailure: Hashable, Sendable {
  /// A Binding request got no response that has an address.
  case noAddress
  /// There is no allocation, or not any more.
  case noRelay(TURNClient.End)
}

extension ServerFailure: CustomStringConvertible {
  /// The failure in a few words.
  public var description: String {
    switch self {
    case .noAddress: "no answer with an address"
    case .noRelay(.failed(.refused(let code))): "it refuses an allocation: \(code)"
    case .noRelay(.failed(.timedOut)): "it does not answer"
    case .noRelay(.failed(.integrityViolation)): "its responses are not protected"
    case .noRelay(.failed(.malformedResponse)): "its response cannot be used"
    case .noRelay(.failed(.cannotAuthenticate)): "it cannot be authenticated to"
    case .noRelay(.lost): "it has lost the allocation"
    case .noRelay(.released): "the allocation was given back"
    }
  }
}
