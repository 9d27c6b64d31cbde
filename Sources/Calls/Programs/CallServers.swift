public import TransportAddress

/// The servers that an agent asks for candidates.
public struct CallServers: Hashable, Sendable {
  /// The STUN server, for a server-reflexive candidate; nil for none.
  public var stun: TransportAddress?
  /// The TURN server, for a relayed candidate; nil for none.
  public var turn: TransportAddress?
  /// Where the TURN server takes TCP; nil for nowhere.
  ///
  /// It is asked so when no server has answered over UDP for two seconds: a network lets none out then.
  public var turnStream: TransportAddress?
  /// The name of its user.
  public var username = "caller"
  /// The user's password.
  public var password = "a password of the relay's"

  /// Servers at these addresses.
  public init(
    stun: TransportAddress?, turn: TransportAddress?, turnStream: TransportAddress? = nil
  ) {
    self.stun = stun
    self.turn = turn
    self.turnStream = turnStream
  }
}
