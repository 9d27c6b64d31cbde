import STUN
public import SansIO
public import Simulator
public import TURN
public import TransportAddress

/// A TURN server on a host: clients at one port, and relayed transport addresses at a range of others.
public struct TURNServerEndpoint: Endpoint {
  /// The UDP port for clients, 3478 by default (RFC 8656 §18.7).
  public let port: UInt16
  /// The ports of relayed transport addresses.
  public let relayedPorts: ClosedRange<UInt16>
  /// The server; nil before the start.
  public private(set) var server: TURNServer?

  private let passwords: [String: String]
  private var actions = ActionQueue<EndpointAction>()

  /// A server for these users.
  ///
  /// - Parameters:
  ///   - passwords: by user name.
  ///   - relayedPorts: as many as there may be allocations; its host has them all from the start.
  public init(
    passwords: [String: String], port: UInt16 = 3478,
    relayedPorts: ClosedRange<UInt16> = 49152...49183
  ) {
    self.passwords = passwords
    self.port = port
    self.relayedPorts = relayedPorts
  }

  /// The clients' port, and those of relayed transport addresses.
  public var ports: [UInt16] { [port] + relayedPorts }

  /// When the next allocation ends.
  public var nextDeadline: Instant? { server?.nextDeadline }

  /// Opens the server at the host's address.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    let secret = (0..<4).flatMap { _ in
      withUnsafeBytes(of: generator.next()) { Array($0) }
    }
    do {
      var policy = PeerPolicy()
      // In a simulated internet these are addresses as any others: those behind firewalls.
      policy.allowed = [try PeerPolicy.Block("198.18.0.0", prefixLength: 15)]
      server = TURNServer(
        try TURNServer.Configuration(
          ipv4: .init(address, ports: relayedPorts), policy: policy),
        authenticator: Authenticator(
          .longTerm(try .init(realm: "turn.example", passwords: passwords, secret: secret))),
        using: &generator)
    } catch {
      preconditionFailure("a relay cannot have these parameters: \(error)")
    }
  }

  /// Takes what a client sends, or a peer.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    guard local.port == port else {
      return receivedFromPeer(
        payload, from: source, to: local, at: now, using: &generator)
    }
    let tuple = FiveTuple(.udp, local: local, remote: source)
    guard let verdict = server?.received(payload, on: tuple, at: now, using: &generator) else {
      return
    }
    if case .relay(let range, let peer, let relayed, _) = verdict {
      relay(payload.extracting(range), to: peer, from: relayed, at: now, using: &generator)
    }
    takeActions(at: now, using: &generator)
  }

  /// Ends the allocations that are over.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    server?.timerFired(at: now)
    takeActions(at: now, using: &generator)
  }

  /// The next datagram to send.
  public mutating func nextAction() -> EndpointAction? { actions.next() }

  // MARK: - Inside

  private mutating func relay(
    _ data: Span<UInt8>, to peer: TransportAddress, from relayed: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    // From one client's relayed address to another's: such a packet does not leave the host.
    if peer.address == relayed.address {
      receivedFromPeer(data, from: relayed, to: peer, at: now, using: &generator)
    } else {
      actions.append(.send(data.bytes, from: relayed.port, to: peer))
    }
  }

  private mutating func receivedFromPeer(
    _ data: Span<UInt8>, from peer: TransportAddress, to relayed: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    var buffer = data.framed(head: TURNServer.headroom, tail: TURNServer.tailroom)
    var bytes = buffer.mutableSpan
    let payload = TURNServer.headroom..<TURNServer.headroom + data.count
    let verdict = server?.receivedFromPeer(
      &bytes, payload: payload, from: peer, to: relayed, at: now, using: &generator)
    if case .deliver(let range, let tuple) = verdict {
      actions.append(.send(Array(buffer[range]), from: tuple.local.port, to: tuple.remote))
    }
  }

  private mutating func takeActions(
    at now: Instant, using generator: inout SeededGenerator
  ) {
    while let action = server?.nextAction() {
      switch action {
      case .send(let bytes, let tuple):
        actions.append(.send(bytes, from: tuple.local.port, to: tuple.remote))
      // The host has these ports from the start.
      case .open(let address): server?.opened(address)
      case .close: break
      }
    }
  }
}

extension Endpoint where Self == TURNServerEndpoint {
  /// A TURN server at port 3478 for the users of ``CallServers``.
  public static func turnServer(for servers: CallServers) -> Self {
    Self(passwords: [servers.username: servers.password])
  }
}

extension Span<UInt8> {
  /// A copy of the bytes.
  var bytes: [UInt8] { framed(head: 0, tail: 0) }

  /// A copy with free bytes before and after it, for headers.
  func framed(head: Int, tail: Int) -> [UInt8] {
    var copy = [UInt8](repeating: 0, count: head + count + tail)
    for index in indices { copy[head + index] = self[index] }
    return copy
  }
}
