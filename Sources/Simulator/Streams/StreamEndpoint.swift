public import SansIO
public import TransportAddress

/// A program on a host that speaks through TCP connections.
///
/// A connection is named by its 5-tuple: the program opens from ports that it chooses, and accepts at
/// those in `listeningPorts`. It gives its calls out as ``EndpointAction/stream(_:on:)``; the network
/// does what TCP does, and tells it what happens by `streamChanged`. One that has UDP ports too names
/// them in `ports`.
public protocol StreamEndpoint: Endpoint {}

extension StreamEndpoint {
  /// None.
  public var ports: [UInt16] { [] }

  /// Does nothing: without UDP ports no datagram comes.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {}
}

/// What a program asks of TCP: the user calls of RFC 9293 §3.9.1.
public enum StreamAction: Hashable, Sendable {
  /// Open the connection; two that open to each other at once meet (RFC 9293 §3.5).
  case open
  /// Send bytes behind those sent before.
  case send([UInt8])
  /// Send no more, once all has been sent; the other side may go on.
  case close
  /// End the connection at once, and tell the other side so by a reset.
  case abort
}

/// What happens on a TCP connection.
public enum StreamEvent: Hashable, Sendable {
  /// Both sides have agreed; bytes can be sent.
  case opened
  /// The next bytes have come.
  case received([UInt8])
  /// The other side sends no more.
  case ended
  /// The connection is no more; without a failure both sides have closed it.
  case closed(StreamFailure?)
}

/// Why a connection came to an end before both sides had closed it.
public enum StreamFailure: String, Error, Hashable, Sendable {
  /// The answer to the SYN was a reset: no program listens at the port.
  case refused = "connection refused"
  /// The other side, or something on the way, has reset it.
  case reset = "connection reset"
  /// Nothing was acknowledged for too long (RFC 9293 §3.8.3).
  case timedOut = "connection timed out"
  /// The host has left the network in which it had the connection's local address.
  case addressGone = "the local address is gone"
}

extension StreamFailure: CustomStringConvertible {
  /// The failure as a phrase.
  public var description: String { rawValue }
}
