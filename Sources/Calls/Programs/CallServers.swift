public import TransportAddress

/// The servers that an agent asks for candidates.
public struct CallServers: Hashable, Sendable {
  /// The STUN server, for a server-reflexive candidate; nil for none.
  public var stun: TransportAddress?
  /// The TURN server, for a relayed candidate; nil for none.
  public var turn: TransportAddress?
  /// The name of its user.
  public var username = "caller"
  /// The user's password.
  public var password = "a password of the relay's"

  /// Servers at these addresses.
  public init(stun: TransportAddress?, turn: TransportAddress?) {
    self.stun = stun
    self.turn = turn
  }
}
