public import ICE
public import Sockets
public import TURN

/// A caller's mistake in the use of a ``Connection``, or a description that cannot be used.
public enum ConnectionError: Error, Hashable, Sendable {
  /// The agent refuses its configuration, or what it was told.
  case agent(AgentError)
  /// A TURN server can have no such user.
  case turn(TURNConfigurationError)
  /// The peer's description has no username fragment and password.
  case noCredentials
  /// None of the host's addresses can have a socket.
  case socket(SocketError)
}

extension ConnectionError: CustomStringConvertible {
  /// What is wrong.
  public var description: String {
    switch self {
    case .agent(let error): "\(error)"
    case .turn(let error): "\(error)"
    case .socket(let error): "\(error)"
    case .noCredentials: "the description has no ice-ufrag and ice-pwd (RFC 8839 §5.4)"
    }
  }
}
