import STUN
import STUNCodec
public import SansIO
public import Simulator
public import TURN
public import TransportAddress

/// A TURN server on a host: clients at one port of UDP and one of TCP, and relayed transport addresses
/// at a range of others.
public struct TURNServerEndpoint: Endpoint {
  /// The UDP port for clients, 3478 by default (RFC 8656 §18.7).
  public let port: UInt16
  /// The TCP port for clients: 443, as it is the one that is let out of most networks.
  public let streamPort: UInt16 = 443
  /// The ports of relayed transport addresses.
  public let relayedPorts: ClosedRange<UInt16>
  /// The server; nil before the start.
  public private(set) var server: TURNServer?

  private let passwords: [String: String]
  private let nonceLifetime: Duration
  /// Whether it refuses its own relayed addresses as peers.
  private let refusesItself: Bool
  /// Whether what comes to nothing goes into the trace, with the reason.
  private let reportsDrops: Bool
  private let allowsMobility: Bool
  /// The frames of each client's connection.
  private var frames: [FiveTuple: StreamReassembler] = [:]
  private var actions = ActionQueue<EndpointAction>()

  /// A server for these users.
  ///
  /// - Parameters:
  ///   - passwords: by user name.
  ///   - relayedPorts: as many as there may be allocations; its host has them all from the start.
  ///   - nonceLifetime: the time after which a nonce is stale.
  ///   - refusesItself: whether it refuses its own relayed addresses as peers, as some operators do:
  ///     two of its clients cannot meet there then.
  ///   - reportsDrops: whether what comes to nothing goes into the trace, with the reason.
  ///   - allowsMobility: whether clients may take their allocations to other networks (RFC 8016).
  public init(
    passwords: [String: String], port: UInt16 = 3478,
    relayedPorts: ClosedRange<UInt16> = 49152...49183, nonceLifetime: Duration = .seconds(600),
    refusesItself: Bool = false, reportsDrops: Bool = false, allowsMobility: Bool = false
  ) {
    self.passwords = passwords
    self.nonceLifetime = nonceLifetime
    self.refusesItself = refusesItself
    self.reportsDrops = reportsDrops
    self.allowsMobility = allowsMobility
    self.port = port
    self.relayedPorts = relayedPorts
  }

  /// The clients' port, and those of relayed transport addresses.
  public var ports: [UInt16] { [port] + relayedPorts }

  /// The clients' port of TCP.
  public var listeningPorts: [UInt16] { [streamPort] }

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
      if refusesItself { policy.denied = [try PeerPolicy.Block(address, prefixLength: 32)] }
      var configuration = try TURNServer.Configuration(
        ipv4: .init(address, ports: relayedPorts), policy: policy)
      configuration.allowsMobility = allowsMobility
      server = TURNServer(
        configuration,
        authenticator: Authenticator(
          .longTerm(
            try .init(
              realm: "turn.example", passwords: passwords, secret: secret,
              nonceLifetime: nonceLifetime))),
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
    take(
      payload, on: FiveTuple(.udp, local: local, remote: source), at: now, using: &generator)
    takeActions(at: now, using: &generator)
  }

  /// Takes what comes by a client's connection; its allocation ends with it.
  public mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    switch event {
    case .opened:
      frames[flow] = StreamReassembler(maximumFrameByteCount: TURNServer.maximumFrameByteCount)
    case .received(let bytes):
      guard var reassembler = frames.removeValue(forKey: flow) else { return }
      reassembler.received(bytes.span.bytes)
      do throws(STUNDecodingError) {
        while let frame = try reassembler.next() {
          take(frame.span, on: flow, at: now, using: &generator)
        }
        frames[flow] = reassembler
      } catch {
        // Nothing after it can be told apart (RFC 8656 §12.5).
        actions.append(.stream(.abort, on: flow))
        server?.connectionClosed(flow)
      }
    case .ended, .closed:
      frames[flow] = nil
      server?.connectionClosed(flow)
      if event == .ended { actions.append(.stream(.close, on: flow)) }
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

  /// Takes a datagram of a client's, or a frame of its stream.
  private mutating func take(
    _ message: Span<UInt8>, on tuple: FiveTuple, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    let verdict = server?.received(message, on: tuple, at: now, using: &generator)
    if case .relay(let range, let peer, let relayed, _) = verdict {
      relay(message.extracting(range), to: peer, from: relayed, at: now, using: &generator)
    }
    report(verdict)
  }

  private mutating func send(_ bytes: [UInt8], on tuple: FiveTuple) {
    actions.append(
      tuple.protocol == .tcp
        ? .stream(.send(bytes), on: tuple)
        : .send(bytes, from: tuple.local.port, to: tuple.remote))
  }

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
    if case .deliver(let range, let tuple) = verdict { send(Array(buffer[range]), on: tuple) }
    report(verdict)
  }

  private mutating func report(_ verdict: TURNServer.Verdict?) {
    guard reportsDrops, case .drop(let reason) = verdict else { return }
    actions.append(.report("dropped: \(reason)"))
  }

  private mutating func takeActions(
    at now: Instant, using generator: inout SeededGenerator
  ) {
    while let action = server?.nextAction() {
      switch action {
      case .send(let bytes, let tuple): send(bytes, on: tuple)
      // The host has these ports from the start.
      case .open(let address): server?.opened(address)
      // TCP is not relayed here.
      case .close, .connection: break
      }
    }
  }
}

extension Endpoint where Self == TURNServerEndpoint {
  /// A TURN server at port 3478 for the users of ``CallServers``.
  public static func turnServer(for servers: CallServers) -> Self {
    Self(passwords: [servers.username: servers.password])
  }

  /// A TURN server at port 3478 for these users, which reports what it drops.
  public static func turnServer(passwords: [String: String]) -> Self {
    Self(passwords: passwords, relayedPorts: 49152...49153, reportsDrops: true)
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
