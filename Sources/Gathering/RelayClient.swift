import STUN
import STUNCodec
import SansIO
import TURN
import TransportAddress

/// The relay of one base: a TURN client by the first way that works, UDP before TCP before TLS.
///
/// ```
///               start           allocated
///   scheduled ────────▶ asking ───────────▶ allocated
///                       │  ▲ │                  │ lost, released
///      failed, or 2 s   │  │ │ failed, and      ▼
///      of silence: the  └──┘ └ no way left ──▶ ended
///      next way
/// ```
struct RelayClient: Sendable {
  enum Action {
    /// Send a datagram from the base.
    case send([UInt8], to: TransportAddress)
    /// Begin a connection to this server.
    case connect(to: TransportAddress, over: RelayTransport)
    /// Send bytes over the connection to this server.
    case write([UInt8], to: TransportAddress)
    /// End the connection to this server.
    case disconnect(from: TransportAddress)
    case allocated(TURNClient.AllocatedAddresses, server: TransportAddress, over: RelayTransport)
    /// No datagram has brought an answer; the server is asked over a connection now.
    case leftDatagrams
    /// The server refuses to send to peers with this address.
    case refused(IPAddress)
    case failed(server: TransportAddress, ServerFailure)
    case released
  }

  /// A server and how it is reached.
  private struct Way: Sendable {
    var client: TURNClient
    let transport: RelayTransport
  }

  private enum Phase {
    /// Can transition to `scheduled` and to `ended`.
    case idle
    /// The first request follows then. Can transition to `asking` and to `ended`.
    case scheduled(Instant)
    /// Can transition to itself with another way, to `allocated` and to `ended`.
    case asking
    /// Can transition to `ended`.
    case allocated(TransportAddress)
    /// Final.
    case ended
  }

  /// What is tried now, or is in use, and what is to be tried after it.
  private var ways: [Way]
  private var phase: Phase
  /// When the next way is tried, unless the server has answered by then.
  private var patienceEnd: Instant?
  /// What has come by the connection.
  private var frames = StreamReassembler()
  /// The addresses whose hosts may send to the relayed transport address.
  private var peers: [IPAddress] = []
  private var actions = ActionQueue<Action>()

  /// How long a way may bring no answer while there is another: two requests and the time for a
  /// response.
  static var patience: Duration { .seconds(2) }

  /// A client of these servers.
  ///
  /// - Throws: for a user that no TURN server can have.
  init(_ relays: [GatheringServers.Relay], family: AddressFamily) throws(TURNConfigurationError) {
    ways = []
    // The first of equal rank stays the first.
    for rank in 0...2 {
      for relay in relays where relay.transport.rank == rank {
        let client = try TURNClient(
          server: relay.server, username: relay.username, password: relay.password,
          options: .init(families: .one(family)),
          over: relay.transport == .udp ? .datagrams() : .stream())
        ways.append(Way(client: client, transport: relay.transport))
      }
    }
    phase = ways.isEmpty ? .ended : .idle
  }

  /// The relayed transport address; nil while there is none.
  var relayed: TransportAddress? {
    if case .allocated(let relayed) = phase { relayed } else { nil }
  }

  /// Whether nothing is to be waited for: there is an address, or there will be none.
  var isSettled: Bool {
    switch phase {
    case .idle, .scheduled, .asking: false
    case .allocated, .ended: true
    }
  }

  /// The server that is asked now, or that has the allocation; nil if there is none.
  var server: TransportAddress? { ways.first?.client.server }

  /// How the server is reached.
  var transport: RelayTransport? { ways.first?.transport }

  /// How many ways there are besides the one that is tried now.
  var furtherWayCount: Int { max(0, ways.count - 1) }

  var nextDeadline: Instant? {
    let start: Instant? = if case .scheduled(let start) = phase { start } else { nil }
    return [start, patienceEnd, ways.first?.client.nextDeadline].compactMap(\.self).min()
  }

  mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// The first request is to go out at `start`; what is waited for counts from now on.
  mutating func scheduled(for start: Instant, at now: Instant) {
    guard case .idle = phase else { return }
    phase = .scheduled(start)
    if ways.count > 1 { patienceEnd = now.advanced(by: Self.patience) }
  }

  mutating func timerFired(at now: Instant, using generator: inout some RandomNumberGenerator) {
    if case .scheduled(let start) = phase, start <= now { begin(at: now, using: &generator) }
    if let end = patienceEnd, end <= now {
      let wasDatagrams = transport == .udp
      failed(.noRelay(.failed(.timedOut)), at: now, using: &generator)
      if wasDatagrams, transport != .udp { actions.append(.leftDatagrams) }
    }
    if !ways.isEmpty { ways[0].client.timerFired(at: now, using: &generator) }
    settle(at: now, using: &generator)
  }

  /// Takes a datagram of the server's.
  ///
  /// - Returns: which of the bytes are data of a peer.
  mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> (data: Range<Int>, peer: TransportAddress)? {
    guard transport == .udp, source == server else { return nil }
    defer { settle(at: now, using: &generator) }
    return take(bytes, at: now, using: &generator)
  }

  /// Something has happened on the connection to the server.
  ///
  /// - Returns: data of peers that came over the relay.
  mutating func streamChanged(
    _ event: RelayStreamEvent, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> [(data: [UInt8], peer: TransportAddress)] {
    guard !ways.isEmpty, transport != .udp else { return [] }
    var arrived: [(data: [UInt8], peer: TransportAddress)] = []
    switch event {
    case .opened: ways[0].client.started(at: now, using: &generator)
    case .received(let bytes):
      frames.received(bytes.span.bytes)
      do throws(STUNDecodingError) {
        while let frame = try frames.next() {
          if let data = take(frame.span, at: now, using: &generator) {
            arrived.append((Array(frame[data.data]), data.peer))
          }
        }
      } catch {
        // Nothing after it can be told apart (RFC 8656 §12.5).
        failed(.noConnection("\(error)"), at: now, using: &generator)
      }
    case .ended(let reason): failed(.noConnection(reason), at: now, using: &generator)
    }
    settle(at: now, using: &generator)
    return arrived
  }

  /// Whatever has not answered by now is not waited for any longer.
  mutating func gatheringEnded() {
    guard !isSettled, let server else { return }
    if transport != .udp { actions.append(.disconnect(from: server)) }
    actions.append(.failed(server: server, .noRelay(.failed(.timedOut))))
    end()
  }

  // MARK: - In use

  /// Lets peers with these addresses send to the relayed transport address.
  mutating func permit(
    _ addresses: [IPAddress], at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    let new = addresses.filter { !peers.contains($0) }
    peers += new
    guard !ways.isEmpty else { return }
    ways[0].client.permit(new, at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  /// Sends data to a peer over the relay.
  mutating func send(
    _ data: [UInt8], to peer: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    guard !ways.isEmpty else { return }
    var buffer: [UInt8] = []
    let outgoing = ways[0].client.send(
      copying: data, into: &buffer, to: peer, at: now, using: &generator)
    switch outgoing {
    case .send(let range): transmit(Array(buffer[range]))
    case .dropped(.refused): actions.append(.refused(peer.address))
    case .dropped, .held: break
    }
    settle(at: now, using: &generator)
  }

  /// Gives the relayed address back.
  mutating func released(at now: Instant, using generator: inout some RandomNumberGenerator) {
    guard relayed != nil else {
      if transport != .udp, let server { actions.append(.disconnect(from: server)) }
      end()
      actions.append(.released)
      return
    }
    ways[0].client.released(at: now, using: &generator)
    settle(at: now, using: &generator)
  }

  // MARK: - Inside

  /// Asks by the first way: at once by datagrams, and otherwise once there is a connection.
  private mutating func begin(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    phase = .asking
    frames = StreamReassembler()
    guard let transport, let server else { return end() }
    if transport == .udp {
      ways[0].client.started(at: now, using: &generator)
    } else {
      actions.append(.connect(to: server, over: transport))
    }
  }

  /// The way does not work, or not any more: the next one is tried, if there is no address yet.
  private mutating func failed(
    _ failure: ServerFailure, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard let server else { return }
    patienceEnd = nil
    if transport != .udp { actions.append(.disconnect(from: server)) }
    actions.append(.failed(server: server, failure))
    guard !isSettled, ways.count > 1 else { return end() }
    ways.removeFirst()
    if ways.count > 1 { patienceEnd = now.advanced(by: Self.patience) }
    begin(at: now, using: &generator)
  }

  private mutating func end() {
    phase = .ended
    patienceEnd = nil
    ways = []
  }

  /// Hands a message of the server's to the client.
  private mutating func take(
    _ message: Span<UInt8>, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> (data: Range<Int>, peer: TransportAddress)? {
    guard let server, !ways.isEmpty else { return nil }
    patienceEnd = nil
    let incoming = ways[0].client.received(message, from: server, at: now, using: &generator)
    guard case .data(let range, let peer) = incoming else { return nil }
    return (range, peer)
  }

  /// Sends bytes to the server, as it is reached.
  private mutating func transmit(_ bytes: [UInt8]) {
    guard let server else { return }
    actions.append(transport == .udp ? .send(bytes, to: server) : .write(bytes, to: server))
  }

  private mutating func settle(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    while !ways.isEmpty, let action = ways[0].client.nextAction() {
      switch action {
      case .send(let bytes, _): transmit(bytes)
      case .report(let event): reported(event, at: now, using: &generator)
      case .changeFiveTuple:
        // The socket is the host candidate's as well, and stays.
        failed(
          .noRelay(.failed(.refused(.allocationMismatch))), at: now, using: &generator)
      // It asks for no ticket.
      case .sendOnAdded, .useAdded: break
      }
    }
  }

  private mutating func reported(
    _ event: TURNClient.Event, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch event {
    case .allocated(let addresses):
      guard let relayed = addresses.relayed.first, let server, let transport else { return }
      phase = .allocated(relayed)
      actions.append(.allocated(addresses, server: server, over: transport))
      // Peers that were named before there was an allocation.
      ways[0].client.permit(peers, at: now, using: &generator)
    case .ended(.released):
      if transport != .udp, let server { actions.append(.disconnect(from: server)) }
      end()
      actions.append(.released)
    case .ended(let end): failed(.noRelay(end), at: now, using: &generator)
    case .refused(let address, _): actions.append(.refused(address))
    case .permitted, .bound, .unreachable, .moved, .notMoved, .connection: break
    }
  }
}

/// What happens on a connection to a TURN server.
public enum RelayStreamEvent: Hashable, Sendable {
  /// Bytes can be sent; with TLS the handshake is done.
  case opened
  /// The next bytes have come.
  case received([UInt8])
  /// It is over, or was not made: the reason in the driver's words.
  case ended(String)
}
