public import STUNCodec
public import TLS

/// What clients over TCP and TLS may have, and how long they may take.
public struct ConnectionLimits: Hashable, Sendable {
  /// All connections together.
  public var total: Int
  /// Those of one address, of IPv6 of one /64. Many people can be behind one address.
  public var perAddress: Int
  /// All TCP connections with peers together; what an allocation may have, `TURNServer.Limits` says.
  public var peers: Int
  /// TLS handshakes of one address a second in the long run, of IPv6 of one /64.
  public var handshakesPerSecond: Int
  /// The same at once.
  public var handshakesAtOnce: Int
  /// How long it may take until the first whole message is there, the TLS handshake included.
  public var firstMessage: Duration
  /// How long a connection without an allocation may say nothing.
  public var idle: Duration
  /// How long a client may take nothing of what waits for it.
  public var stalled: Duration
  /// How many bytes may wait for a client; data beyond are dropped, as on a full link.
  public var waitingByteCount: Int

  /// Limits that a browser does not meet.
  public init(
    total: Int = 4096, perAddress: Int = 256, peers: Int = 4096, handshakesPerSecond: Int = 20,
    handshakesAtOnce: Int = 256, firstMessage: Duration = .seconds(10),
    idle: Duration = .seconds(60), stalled: Duration = .seconds(30),
    waitingByteCount: Int = 1 << 18
  ) {
    (self.total, self.perAddress, self.peers) = (total, perAddress, peers)
    self.handshakesPerSecond = handshakesPerSecond
    self.handshakesAtOnce = handshakesAtOnce
    (self.firstMessage, self.idle, self.stalled) = (firstMessage, idle, stalled)
    self.waitingByteCount = waitingByteCount
  }
}

/// Why a client's connection is over, or was never served; a bounded number of reasons.
public enum ConnectionEnd: Hashable, Sendable {
  /// The client has closed it.
  case closedByClient
  /// It broke: reset, or without an answer.
  case broken
  /// TLS has failed.
  case tls(TLSFailure.Reason)
  /// What came is neither STUN nor ChannelData: nothing after it can be told apart any more.
  case framing(STUNDecodingError.Code)
  /// No whole message came in time.
  case noMessage
  /// It had no allocation, and nothing came.
  case idle
  /// The client does not take what is sent to it.
  case stalled
  /// There were as many connections as there may be.
  case tooMany
  /// There were as many from its address as there may be.
  case tooManyFromAddress
  /// There were as many TLS handshakes from its address as there may be.
  case tooManyHandshakes
  /// The peer's connection that it was bound to is over, or the allocation.
  case relayEnded
  /// This machine had no descriptor left.
  case noDescriptor
}

extension ConnectionEnd: CustomStringConvertible {
  /// The reason as a phrase.
  public var description: String {
    switch self {
    case .closedByClient: "closed by the client"
    case .broken: "broken"
    case .tls(let reason): "TLS: \(reason)"
    case .framing(let code): "neither STUN nor ChannelData: \(code) (RFC 8656 §12.5)"
    case .noMessage: "no whole message came in time"
    case .idle: "idle without an allocation"
    case .stalled: "the client takes nothing"
    case .tooMany: "too many connections"
    case .tooManyFromAddress: "too many connections from one address"
    case .tooManyHandshakes: "too many TLS handshakes from one address"
    case .relayEnded: "over with its peer's connection"
    case .noDescriptor: "no descriptor left"
    }
  }

  init(_ end: StreamEnd) {
    self =
      switch end {
      case .closed: .closedByClient
      case .socket: .broken
      case .tls(let failure): .tls(failure.reason)
      case .framing(let error): .framing(error.code)
      }
  }
}
