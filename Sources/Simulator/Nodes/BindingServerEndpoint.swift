public import STUN
public import SansIO
public import TransportAddress

/// A STUN server on a host, at one address and port.
public struct BindingServerEndpoint: Endpoint {
  /// The UDP port, 3478 by default (RFC 8489 §18.6).
  public let port: UInt16
  /// The server; nil before the start.
  public private(set) var server: BindingServer?

  /// A server at a port.
  public init(port: UInt16 = 3478) {
    self.port = port
  }

  /// The one port that it listens at.
  public var ports: [UInt16] { [port] }

  /// Opens the server at the host's address.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    server = BindingServer(BindingServer.Addresses(TransportAddress(address, port: port)))
  }

  /// Answers a request.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    server?.received(payload, from: source, to: local, at: now)
  }

  /// The next response to send.
  public mutating func nextAction() -> EndpointAction? {
    guard case .send(let bytes, let local, let client) = server?.nextAction() else { return nil }
    return .sendBound(bytes, from: local, to: client)
  }
}

extension Endpoint where Self == BindingServerEndpoint {
  /// A STUN server at port 3478.
  public static var stunServer: Self { Self() }
}
