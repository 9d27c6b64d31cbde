public import SansIO
public import TransportAddress

/// A program that learns its address from a STUN server, and then sends to a peer until it gives up.
///
///     asking the server ──▶ waiting for the peer's address ──▶ sending, five times
public struct HolePuncher: Endpoint {
  /// How often it sends to each address, and how far apart: a packet of the peer's may be early, and
  /// be dropped by the NAT that the peer's own packet opens.
  static let tries = 5
  static let interval = Duration.milliseconds(100)

  private let name: String
  private let server: TransportAddress
  private var client: STUNClientEndpoint
  /// The peer's addresses: the one that signalling told, and those that packets came from.
  private var peers: [TransportAddress] = []
  private var triesLeft = 0
  private var nextTry: Instant?
  private var actions = ActionQueue<EndpointAction>()
  /// Where the first packet of the peer came from; nil if none has come.
  public private(set) var firstPeer: TransportAddress?
  /// When it came.
  public private(set) var firstTime: Instant?

  /// A program of a host, whose name is what it sends.
  public init(_ name: String, server: TransportAddress) {
    self.name = name
    self.server = server
    client = STUNClientEndpoint(of: server)
  }

  /// Its address as the server saw it.
  public var mappedAddress: TransportAddress? { client.mappedAddress }

  /// The port that it asks and sends from.
  public var ports: [UInt16] { client.ports }

  /// When a request is sent again, or the next packet to the peer.
  public var nextDeadline: Instant? {
    guard let deadline = client.nextDeadline else { return nextTry }
    return nextTry.map { min($0, deadline) } ?? deadline
  }

  /// Asks the server.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    client.started(at: address, now: now, using: &generator)
  }

  /// Begins to send: signalling has told the peer's address.
  public mutating func begin(with peer: TransportAddress, at now: Instant) {
    peers = [peer]
    triesLeft = Self.tries
    send(at: now)
  }

  /// Takes the server's response, or a packet of the peer's.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    if source == server {
      return client.received(payload, from: source, to: local, at: now, using: &generator)
    }
    if firstPeer == nil {
      firstPeer = source
      firstTime = now
      actions.append(.report("the other's packets come from \(source)"))
    }
    if !peers.contains(source) { peers.append(source) }
  }

  /// Sends what is due.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    client.timerFired(at: now, using: &generator)
    if let nextTry, nextTry <= now { send(at: now) }
  }

  /// The next thing to do.
  public mutating func nextAction() -> EndpointAction? { actions.next() ?? client.nextAction() }

  private mutating func send(at now: Instant) {
    for peer in peers {
      actions.append(.send(Array("from \(name)".utf8), from: client.port, to: peer))
    }
    triesLeft -= 1
    nextTry = triesLeft > 0 ? now.advanced(by: Self.interval) : nil
  }
}
