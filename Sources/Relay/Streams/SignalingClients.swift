internal import SansIO
internal import Signaling
internal import Sockets
internal import TURN
internal import TransportAddress

/// The members of signaling rooms, over TCP: the driver of `SignalingServer`.
///
/// It has a part of the server's one loop: its listeners and its connections.
struct SignalingClients {
  /// How many connections there may be, and how many from one address, of IPv6 from one /64.
  static let total = 1024
  static let perAddress = 32
  /// What may wait for a member that does not read; more than it may be told at once.
  private static let waitingByteCount = 1 << 18

  /// How long a client may take to read what it has been told last, and to end the connection then.
  private static let patience = Duration.seconds(10)

  private final class Client {
    let connection: StreamConnection
    /// Whether the server has done with it: what waits is still written, and what comes is not read.
    var isLeaving = false

    init(_ connection: StreamConnection) {
      self.connection = connection
    }

    var address: IPAddress { connection.socket.remoteAddress.address.accounted }
  }

  /// Where it is listened at.
  private(set) var addresses: [TransportAddress] = []
  private var listeners: [SocketID: StreamListener] = [:]
  private var clients: [SocketID: Client] = [:]
  private var countsByAddress: [IPAddress: Int] = [:]
  private var server = SignalingServer()
  /// When clients that leave are given up.
  private var leaving = DeadlineQueue<SocketID>()
  private let memory = StreamMemory()
  private var pauseEnd: Instant?

  var nextDeadline: Instant? {
    earlier(earlier(server.nextDeadline, leaving.nextDeadline), pauseEnd)
  }

  mutating func open(
    _ address: TransportAddress, in loop: inout SocketLoop
  ) throws(SocketError) {
    let listener = try StreamListener(listeningAt: address)
    listeners[loop.watch(listener)] = listener
    addresses.append(listener.localAddress)
  }

  /// Whether something in the loop is its own.
  func has(_ id: SocketID) -> Bool { listeners[id] != nil || clients[id] != nil }

  // MARK: - Events

  mutating func ready(
    _ id: SocketID, _ readiness: Readiness, in loop: inout SocketLoop,
    _ report: (RelayServer.Report) -> Void
  ) {
    if let listener = listeners[id] {
      accept(listener, id, in: &loop)
    } else if let client = clients[id] {
      var bytes: [UInt8] = []
      client.connection.ready(readiness) { span in span.withUnsafeBytes { bytes += $0 } }
      if !bytes.isEmpty, !client.isLeaving {
        server.received(bytes, from: id.number, at: loop.now)
      }
      settle(id, in: &loop)
    }
    act(in: &loop, report)
  }

  mutating func timerFired(in loop: inout SocketLoop, _ report: (RelayServer.Report) -> Void) {
    if let end = pauseEnd, end <= loop.now {
      pauseEnd = nil
      for id in listeners.keys { loop.change(id, to: .readable) }
    }
    while let (id, _) = leaving.popDue(at: loop.now) { remove(id, in: &loop) }
    server.timerFired(at: loop.now)
    act(in: &loop, report)
  }

  /// One connection: others wait for their turn.
  private mutating func accept(
    _ listener: StreamListener, _ listenerID: SocketID, in loop: inout SocketLoop
  ) {
    let socket: StreamSocket
    do throws(SocketError) {
      guard let accepted = try listener.accept() else { return }
      socket = accepted
    } catch {
      // It would be ready again at once, for ever.
      loop.change(listenerID, to: [])
      pauseEnd = loop.now.advanced(by: RelayServer.pause)
      return
    }
    let address = socket.remoteAddress.address.accounted
    guard clients.count < Self.total, countsByAddress[address] ?? 0 < Self.perAddress
    else { return }
    let id = loop.watch(socket, for: .readable)
    clients[id] = Client(
      StreamConnection(socket, isAccepted: true, session: nil, memory: memory))
    countsByAddress[address, default: 0] += 1
    server.connected(id.number, at: loop.now)
  }

  private mutating func act(in loop: inout SocketLoop, _ report: (RelayServer.Report) -> Void) {
    while let action = server.nextAction() {
      switch action {
      case .send(let bytes, let number):
        let id = SocketID(number: number)
        guard let client = clients[id] else { continue }
        guard client.connection.send(bytes.span.bytes, limit: Self.waitingByteCount) else {
          remove(id, in: &loop)
          continue
        }
        settle(id, in: &loop)
      case .close(let number): leave(SocketID(number: number), in: &loop)
      case .report(let event):
        let client = clients[SocketID(number: event.client ?? -1)]
        report(.signaling(event, client?.connection.socket.remoteAddress))
      }
    }
  }

  private mutating func settle(_ id: SocketID, in loop: inout SocketLoop) {
    guard let client = clients[id] else { return }
    let connection = client.connection
    if case .ended = connection.state { return remove(id, in: &loop) }
    if connection.hasFinished, connection.hasEnded { return remove(id, in: &loop) }
    loop.change(id, to: connection.interest)
  }

  /// Ends a connection cleanly (RFC 6455 §7.1.1): what waits is written, and then the other end is waited
  /// for. Closed at once, what it has not read of that would be lost with what is not read here.
  private mutating func leave(_ id: SocketID, in loop: inout SocketLoop) {
    guard let client = clients[id], !client.isLeaving else { return }
    client.isLeaving = true
    client.connection.outlivesEnd = true
    client.connection.finish()
    leaving.set(id, at: loop.now.advanced(by: Self.patience))
    settle(id, in: &loop)
  }

  private mutating func remove(_ id: SocketID, in loop: inout SocketLoop) {
    guard let client = clients.removeValue(forKey: id) else { return }
    let count = countsByAddress[client.address] ?? 1
    countsByAddress[client.address] = count > 1 ? count - 1 : nil
    leaving.cancel(id)
    loop.close(id)
    server.disconnected(id.number)
  }
}

extension SignalingServer.Event {
  fileprivate var client: SignalingServer.ClientID? {
    switch self {
    case .joined(let id, _, _), .refused(let id, _): id
    case .ended: nil
    }
  }
}
