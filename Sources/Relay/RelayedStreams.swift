internal import Glibc
internal import STUNCodec
public import SansIO
public import Sockets
public import TURN
public import TransportAddress

/// A TCP port somewhere else: the driver of a `TURNClient` with a TCP allocation (RFC 6062).
///
/// Connections to peers leave from the relay, and peers connect to it there. Each is a connection of
/// its own to the server, next to the control connection, whose end is the end of all.
///
///     var streams = try RelayedStreams(client, from: "0.0.0.0:0", over: .tcp)
///     streams.allocate()
///     switch try streams.next(before: deadline) {
///     case .turn(.allocated): streams.connect(to: peer)
///     case .turn(.connection(.opened(let id, _))): try streams.bind(id)
///     case .bound(let id): streams.send(request, on: id)
///     case .data(let bytes, on: let id): …
///     …
///     }
public struct RelayedStreams: ~Copyable {
  /// What happened.
  public enum Event: Hashable, Sendable {
    /// Something about the allocation.
    case turn(TURNClient.Event)
    /// Bytes go between this connection and its peer.
    case bound(UInt32)
    /// A connection could not be bound.
    case notBound(UInt32, TURNDataConnection.Failure)
    /// Bytes have come from the peer of a connection.
    case data([UInt8], on: UInt32)
    /// Nothing follows from the peer of a connection; it may still be sent to.
    case finished(UInt32)
    /// A connection is over.
    case closed(UInt32, StreamEnd)
    /// The control connection is over, or was not made; the allocation is gone with it.
    case disconnected(StreamEnd)
    /// The deadline has come.
    case deadline
    /// The descriptor that says when to stop is readable.
    case stopped
  }

  /// A client data connection.
  private final class DataStream {
    let id: SocketID
    let connection: StreamConnection
    var machine: TURNDataConnection
    var hasToldFinish = false

    init(_ id: SocketID, _ connection: StreamConnection, _ machine: TURNDataConnection) {
      (self.id, self.connection, self.machine) = (id, connection, machine)
    }
  }

  private var loop: SocketLoop
  private var client: TURNClient
  private let local: TransportAddress
  private let transport: RelayedSocket.Transport
  private let control: ServerStream
  private let controlID: SocketID
  private var streams: [UInt32: DataStream] = [:]
  private var numbers: [SocketID: UInt32] = [:]
  private var events: [Event] = []
  private var generator = SystemRandomNumberGenerator()

  /// The port of a client whose options ask for TCP.
  ///
  /// - Parameters:
  ///   - local: this host's endpoint, or an unspecified address, with port 0: each connection has a
  ///     port of its own.
  ///   - transport: TCP or TLS; the control connection is begun at once.
  ///   - stop: a descriptor that is readable once it is enough.
  /// - Throws: `SocketError` where a connection cannot be begun, and for UDP.
  public init(
    _ client: TURNClient, from local: TransportAddress, over transport: RelayedSocket.Transport,
    stop: Int32? = nil
  ) throws(SocketError) {
    guard let control = try ServerStream(to: client.server, from: local, over: transport) else {
      throw SocketError("connect to \(client.server) over UDP", code: EPROTONOSUPPORT)
    }
    (self.client, self.local, self.transport) = (client, local, transport)
    self.control = control
    loop = SocketLoop(stop: stop)
    controlID = loop.watch(control.connection.socket, for: control.connection.interest)
  }

  /// The time on its own clock.
  public var now: Instant { loop.now }

  /// What has been allocated; nil before that and after the end.
  public var allocated: TURNClient.AllocatedAddresses? { client.allocated }

  // MARK: - What is wanted

  /// Asks for the allocation.
  public mutating func allocate() { client.started(at: loop.now, using: &generator) }

  /// Asks for permissions: peers with these addresses can connect then.
  public mutating func permit(_ addresses: [IPAddress]) {
    client.permit(addresses, at: loop.now, using: &generator)
  }

  /// Asks the server to connect to a peer.
  ///
  /// - Returns: why it is not asked; nil if it is.
  @discardableResult
  public mutating func connect(to peer: TransportAddress) -> TURNClient.ConnectFailure? {
    client.connect(to: peer, at: loop.now, using: &generator)
  }

  /// Gives the allocation up, and with it all connections; the event of its end follows.
  public mutating func release() { client.released(at: loop.now, using: &generator) }

  /// Binds a connection that has been opened or attempted; `bound` or an end follows.
  ///
  /// - Throws: `SocketError` where the connection to the server cannot be begun.
  public mutating func bind(_ id: UInt32) throws(SocketError) {
    guard streams[id] == nil, let machine = client.dataConnection(id),
      let connection = try StreamConnection(
        connectingTo: client.server, from: local, over: transport)
    else { return }
    connection.outlivesEnd = true
    let stream = DataStream(
      loop.watch(connection.socket, for: connection.interest), connection, machine)
    streams[id] = stream
    numbers[stream.id] = id
  }

  /// Sends bytes to the peer of a bound connection.
  ///
  /// - Returns: whether they are on their way; false where a mebibyte waits already, and for a
  ///   connection that is not bound.
  @discardableResult
  public mutating func send(_ bytes: [UInt8], on id: UInt32) -> Bool {
    guard let stream = streams[id], stream.machine.isBound else { return false }
    let isTaken = stream.connection.send(bytes.span.bytes, limit: 1 << 20)
    settle(id, stream)
    return isTaken
  }

  /// Says that nothing follows on a connection; the peer may still answer.
  public mutating func finish(_ id: UInt32) {
    guard let stream = streams[id], stream.machine.isBound else { return }
    stream.connection.finish()
    settle(id, stream)
  }

  /// Closes a connection: the server closes that of the peer.
  public mutating func close(_ id: UInt32) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    stream.connection.close()
    numbers[stream.id] = nil
    loop.close(stream.id)
  }

  // MARK: - Waiting

  /// Waits for something to happen.
  ///
  /// - Parameter deadline: on its own clock; nil waits for as long as it takes.
  /// - Throws: `SocketError` where the kernel refuses to wait.
  public mutating func next(before deadline: Instant?) throws(SocketError) -> Event {
    while true {
      act()
      if !events.isEmpty { return events.removeFirst() }
      let deadlines =
        [client.nextDeadline, deadline] + streams.values.map { $0.machine.nextDeadline }
      switch try loop.wait(before: deadlines.compactMap(\.self).min()) {
      case .event(.stopped): return .stopped
      case .event(.deadline):
        if let deadline, loop.now >= deadline { return .deadline }
        timerFired()
      case .event: break
      case .ready(controlID, let readiness):
        control.ready(readiness)
        takeFrames()
      case .ready(let socket, let readiness):
        if let id = numbers[socket], let stream = streams[id] { ready(id, stream, readiness) }
      }
    }
  }

  private mutating func timerFired() {
    if let due = client.nextDeadline, loop.now >= due {
      client.timerFired(at: loop.now, using: &generator)
    }
    for (id, stream) in streams {
      guard let due = stream.machine.nextDeadline, due <= loop.now else { continue }
      stream.machine.timerFired(at: loop.now)
      settle(id, stream)
    }
  }

  private mutating func act() {
    while let action = client.nextAction() {
      switch action {
      case .report(let event): events.append(.turn(event))
      case .send(let bytes, _):
        _ = control.connection.send(bytes.span.bytes, limit: 1 << 20)
      case .sendOnAdded, .useAdded: break  // No other 5-tuple is ever added.
      case .changeFiveTuple:
        // It would have to begin anew on another connection: that is its owner's to decide.
        events.append(.disconnected(.closed))
      }
    }
    guard case .ended = control.connection.state else {
      return loop.change(controlID, to: control.connection.interest)
    }
    loop.close(controlID)
    // A read has found it, or a write just now.
    if let end = control.takeEnd() { events.append(.disconnected(end)) }
  }

  private mutating func takeFrames() {
    while let bytes = control.nextFrame() {
      _ = client.received(bytes.span, from: client.server, at: loop.now, using: &generator)
    }
  }

  // MARK: - Data connections

  private mutating func ready(_ id: UInt32, _ stream: DataStream, _ readiness: Readiness) {
    var bytes: [UInt8] = []
    stream.connection.ready(readiness) { span in span.withUnsafeBytes { bytes += $0 } }
    if case .open = stream.connection.state {
      stream.machine.started(at: loop.now, using: &generator)
    }
    if !bytes.isEmpty {
      if stream.machine.isBound {
        events.append(.data(bytes, on: id))
      } else {
        stream.machine.received(bytes.span.bytes, at: loop.now, using: &generator)
      }
    }
    settle(id, stream)
  }

  /// Does what the machine wants, and tells of ends.
  private mutating func settle(_ id: UInt32, _ stream: DataStream) {
    let connection = stream.connection
    while let action = stream.machine.nextAction() {
      switch action {
      case .send(let bytes): _ = connection.send(bytes.span.bytes, limit: .max)
      case .bound(let first):
        events.append(.bound(id))
        if !first.isEmpty { events.append(.data(first, on: id)) }
      case .failed(let failure):
        events.append(.notBound(id, failure))
        return close(id)
      }
    }
    if case .ended(let end) = connection.state {
      events.append(.closed(id, end))
      return close(id)
    }
    if connection.hasEnded, !stream.hasToldFinish {
      stream.hasToldFinish = true
      guard stream.machine.isBound else {
        events.append(.closed(id, .closed))
        return close(id)
      }
      events.append(.finished(id))
    }
    if connection.hasEnded, connection.hasFinished {
      events.append(.closed(id, .closed))
      return close(id)
    }
    loop.change(stream.id, to: connection.interest)
  }
}
