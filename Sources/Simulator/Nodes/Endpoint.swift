public import IPPacket
public import SansIO
public import TransportAddress

/// A program on a host: a state machine that receives datagrams and says what to send.
///
/// The network is its driver: it passes the time, a generator and the bytes that come, and takes the
/// actions after each event until there are none.
public protocol Endpoint: Sendable {
  /// The UDP ports that it has on its host; no other program there has them.
  var ports: [UInt16] { get }

  /// The TCP ports at which it accepts connections; no other program on its host has them.
  var listeningPorts: [UInt16] { get }

  /// The host begins to run, or the program on it; the address is the host's.
  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator)

  /// Its host has come to another network and has this address, or to none and has nil.
  ///
  /// Of a host with several interfaces it is the address from which unbound sockets send.
  mutating func addressChanged(
    to address: IPAddress?, at now: Instant, using generator: inout SeededGenerator)

  /// These are the addresses of its host, by interface, that of the default route first: as the program
  /// starts, and whenever an interface has come or gone.
  mutating func addressesChanged(
    to addresses: [IPAddress], at now: Instant, using generator: inout SeededGenerator)

  /// A datagram has come to one of its ports.
  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator)

  /// Something has happened on one of its TCP connections.
  mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator)

  /// An ICMP error has come about a datagram that it sent.
  mutating func received(_ error: ICMPError, at now: Instant)

  /// The time that `nextDeadline` named has come.
  mutating func timerFired(at now: Instant, using generator: inout SeededGenerator)

  /// When `timerFired` is to be called; nil for never.
  var nextDeadline: Instant? { get }

  /// The next thing to do; nil if there is nothing.
  mutating func nextAction() -> EndpointAction?
}

/// One thing that a program wants done.
public enum EndpointAction: Hashable, Sendable {
  /// Send a datagram from one of the program's ports, by the host's route to the destination.
  case send([UInt8], from: UInt16, to: TransportAddress)
  /// Send a datagram from a port and an address of the host's, as a socket does that is bound to them:
  /// it leaves by the interface that has the address.
  case sendBound([UInt8], from: TransportAddress, to: TransportAddress)
  /// Do something with the TCP connection that has this 5-tuple.
  case stream(StreamAction, on: FiveTuple)
  /// Note something in the trace: what the program has learned, in a few words.
  case report(String)
}

extension Endpoint {
  /// Does nothing: a program that answers, or that does not care where it is.
  public mutating func addressChanged(
    to address: IPAddress?, at now: Instant, using generator: inout SeededGenerator
  ) {}

  /// Does nothing: a program that leaves the choice of an address to its host.
  public mutating func addressesChanged(
    to addresses: [IPAddress], at now: Instant, using generator: inout SeededGenerator
  ) {}

  /// None: a program of datagrams alone.
  public var listeningPorts: [UInt16] { [] }

  /// Does nothing: a program of datagrams alone.
  public mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {}

  /// Does nothing: a program without timers.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {}

  /// Never.
  public var nextDeadline: Instant? { nil }

  /// Does nothing: most programs wait for a timeout instead of believing an ICMP error.
  public mutating func received(_ error: ICMPError, at now: Instant) {}
}
