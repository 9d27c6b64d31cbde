import Gathering
import ICE
import STUN
import STUNCodec
import SansIO
import TURN
import TransportAddress

/// A gatherer and a server that answers at once by the ways that are open, under a virtual clock.
struct Desk {
  static let base: TransportAddress = "10.0.0.2:5000"
  /// The base as servers see it, by datagrams and by connections.
  static let mapped: TransportAddress = "198.51.100.1:5000"
  static let mappedStream: TransportAddress = "198.51.100.1:6000"
  static let stun: TransportAddress = "203.0.113.9:3478"
  static let udp = relay("203.0.113.10:3478", .udp)
  static let tcp = relay("203.0.113.10:3479", .tcp)
  static let tls = relay("203.0.113.10:5349", .tls(name: "turn.example"))

  static func relay(
    _ server: TransportAddress, _ transport: RelayTransport, password: String = "pass"
  ) -> GatheringServers.Relay {
    .init(server, over: transport, username: "alice", password: password)
  }

  /// What becomes of what is sent to a server.
  enum Path {
    /// It is answered.
    case open
    /// A connection is refused.
    case refused
    /// Nothing comes back.
    case silent
  }

  var gatherer: BaseGatherer
  /// The paths to the servers; to the others nothing comes back.
  var paths: [TransportAddress: Path]
  private(set) var now = Instant.zero
  private(set) var candidates: [GatheredCandidate] = []
  private(set) var failures: [ServerFailure] = []
  /// When each server was first asked, and when gathering was over.
  private(set) var firstAsked: [TransportAddress: Instant] = [:]
  private(set) var finish: Instant?
  private(set) var isReleased = false
  /// The servers of connections that have been ended from here.
  private(set) var disconnected: [TransportAddress] = []
  private(set) var relayedData: [[UInt8]] = []
  private(set) var refused: [IPAddress] = []

  private var server: TURNServer
  private var frames = StreamReassembler()
  private var generator = SeededGenerator(seed: 1)

  init(
    _ servers: GatheringServers, open: [TransportAddress] = [], refused: [TransportAddress] = []
  ) throws {
    gatherer = try BaseGatherer(base: Self.base, servers: servers)
    paths = [:]
    for server in open { paths[server] = .open }
    for server in refused { paths[server] = .refused }
    server = TURNServer(
      try TURNServer.Configuration(ipv4: .init("203.0.113.10", ports: 50000...50009)),
      authenticator: Authenticator(
        .longTerm(
          try .init(realm: "r", passwords: ["alice": "pass"], secret: [UInt8](1...16)))),
      using: &generator)
    gatherer.started(at: now, using: &generator)
    drain()
  }

  // MARK: - What happens

  mutating func run(for duration: Duration) {
    let end = now.advanced(by: duration)
    while let deadline = gatherer.nextDeadline, deadline <= end {
      now = max(now, deadline)
      gatherer.timerFired(at: now, using: &generator)
      drain()
    }
    now = end
  }

  mutating func endGathering() {
    gatherer.gatheringEnded()
    drain()
  }

  mutating func permit(_ address: IPAddress) {
    gatherer.permit([address], at: now, using: &generator)
    drain()
  }

  mutating func send(_ data: [UInt8], to peer: TransportAddress) {
    gatherer.relay(data, to: peer, at: now, using: &generator)
    drain()
  }

  mutating func release() {
    gatherer.released(at: now, using: &generator)
    drain()
  }

  mutating func loseConnection(to server: TransportAddress) {
    _ = gatherer.streamChanged(.ended("reset"), with: server, at: now, using: &generator)
    drain()
  }

  /// Bytes come by the connection, in pieces of this length; what they have brought.
  mutating func receive(
    _ bytes: [UInt8], by server: TransportAddress, pieces: Int
  ) -> [(data: [UInt8], peer: TransportAddress)] {
    var arrived: [(data: [UInt8], peer: TransportAddress)] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      arrived += gatherer.streamChanged(
        .received(Array(rest.prefix(pieces))), with: server, at: now, using: &generator)
      rest = rest.dropFirst(pieces)
    }
    drain()
    return arrived
  }

  /// What the client gets when a peer sends to the relayed address.
  mutating func fromPeer(_ data: [UInt8], _ peer: TransportAddress) -> [UInt8] {
    guard let relayed = gatherer.relayed else { return [] }
    var buffer =
      [UInt8](repeating: 0, count: TURNServer.headroom) + data
      + [UInt8](repeating: 0, count: TURNServer.tailroom)
    var span = buffer.mutableSpan
    let verdict = server.receivedFromPeer(
      &span, payload: TURNServer.headroom..<TURNServer.headroom + data.count, from: peer,
      to: relayed, at: now, using: &generator)
    guard case .deliver(let range, _) = verdict else { return [] }
    return Array(buffer[range])
  }

  // MARK: - Inside

  private mutating func drain() {
    while let action = gatherer.nextAction() {
      switch action {
      case .send(let bytes, let server):
        note(server)
        guard case .open = paths[server] else { continue }
        for answer in answers(to: bytes, on: .init(.udp, local: server, remote: Self.mapped)) {
          _ = gatherer.received(answer.span, from: server, at: now, using: &generator)
        }
      case .connect(let server, _):
        note(server)
        frames = StreamReassembler()
        switch paths[server] {
        case .open: change(.opened, server)
        case .refused: change(.ended("refused"), server)
        case .silent, nil: break
        }
      case .write(let bytes, let server):
        frames.received(bytes.span.bytes)
        while let frame = try? frames.next() {
          let tuple = FiveTuple(.tcp, local: server, remote: Self.mappedStream)
          for answer in answers(to: frame, on: tuple) { change(.received(answer), server) }
        }
      case .disconnect(let server): disconnected.append(server)
      case .found(let candidate): candidates.append(candidate)
      case .refused(let address): refused.append(address)
      case .failed(_, let failure): failures.append(failure)
      case .finished: finish = now
      case .released: isReleased = true
      }
    }
  }

  private mutating func note(_ server: TransportAddress) {
    if firstAsked[server] == nil { firstAsked[server] = now }
  }

  private mutating func change(_ event: RelayStreamEvent, _ server: TransportAddress) {
    _ = gatherer.streamChanged(event, with: server, at: now, using: &generator)
  }

  private mutating func answers(to bytes: [UInt8], on tuple: FiveTuple) -> [[UInt8]] {
    let verdict = server.received(bytes.span, on: tuple, at: now, using: &generator)
    if case .relay(let range, _, _, _) = verdict { relayedData.append(Array(bytes[range])) }
    var answers: [[UInt8]] = []
    while let action = server.nextAction() {
      switch action {
      case .send(let bytes, _): answers.append(bytes)
      case .open(let address): server.opened(address)
      case .close, .connection: break
      }
    }
    return answers
  }
}

extension Instant {
  /// Since the start.
  var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
