public import TransportAddress

/// The servers that an agent asks for candidates.
public struct GatheringServers: Hashable, Sendable {
  /// A TURN server, how it is reached, and who it is asked as.
  public struct Relay: Hashable, Sendable {
    /// Its address.
    public var server: TransportAddress
    /// How it is reached.
    public var transport: RelayTransport
    /// USERNAME.
    public var username: String
    /// The password.
    public var password: String

    /// A server that is asked as this user, over UDP unless it is said.
    public init(
      _ server: TransportAddress, over transport: RelayTransport = .udp, username: String,
      password: String
    ) {
      (self.server, self.transport) = (server, transport)
      (self.username, self.password) = (username, password)
    }
  }

  /// STUN servers, for server-reflexive candidates; each base asks the first of its family.
  public var stun: [TransportAddress]
  /// TURN servers, for relayed candidates; each base asks those of its family one after the other,
  /// over UDP first, then over TCP, then over TLS, until one has given it an address.
  public var relays: [Relay]
  /// Whether relayed candidates alone are used and signaled, so that the peer learns no address of
  /// this host.
  public var relayOnly: Bool

  /// No servers, unless some are given.
  public init(stun: [TransportAddress] = [], relays: [Relay] = [], relayOnly: Bool = false) {
    (self.stun, self.relays, self.relayOnly) = (stun, relays, relayOnly)
  }
}

/// How a client reaches a TURN server (RFC 8656 §3.1).
public enum RelayTransport: Hashable, Sendable {
  /// By datagrams.
  case udp
  /// By a TCP connection, which firewalls let out that let no UDP out.
  case tcp
  /// By a TLS connection over TCP; the server's certificate must have this host name or address.
  case tls(name: String)

  /// The order in which transports are tried: what costs the least delay goes first.
  var rank: Int {
    switch self {
    case .udp: 0
    case .tcp: 1
    case .tls: 2
    }
  }
}
