internal import STUNCodec
public import SansIO
public import Sockets
public import TLS
public import TURN
public import TransportAddress

/// A UDP socket somewhere else: the driver of a `TURNClient` on a real socket, of UDP, TCP or TLS.
///
/// What is sent leaves from the relay, and what peers send there comes in here. The allocation, its
/// permissions and its channels stay alive as long as its owner waits in ``next(before:)``.
///
///     var socket = try RelayedSocket(client, boundTo: "0.0.0.0:0")
///     socket.allocate()
///     switch try socket.next(before: deadline) {
///     case .turn(.allocated(let addresses)): socket.permit([…])
///     case .data(let data, from: let peer): …
///     …
///     }
///
/// Further sockets may be opened beside it, to be a peer of one's own.
public struct RelayedSocket: ~Copyable {
  /// What happened.
  public enum Event: Hashable, Sendable {
    /// Something about the allocation.
    case turn(TURNClient.Event)
    /// A peer has sent data.
    case data([UInt8], from: TransportAddress)
    /// A datagram came in on a socket beside this one.
    case datagram([UInt8], from: TransportAddress, on: SocketID)
    /// A datagram to the server or from a socket beside this one did not arrive.
    case failed(DeliveryFailure)
    /// The connection to the server is over, or was not made; the allocation is gone with it.
    case disconnected(StreamEnd)
    /// The deadline has come.
    case deadline
    /// The descriptor that says when to stop is readable.
    case stopped
  }

  /// How the server is reached.
  public enum Transport: Sendable {
    /// By datagrams.
    case udp
    /// By a TCP connection.
    case tcp
    /// By a TLS connection, to a server whose certificate must have this host name or address.
    case tls(TLSContext, name: String)
  }

  /// Which way a message went.
  public enum Direction: Hashable, Sendable {
    /// To the server.
    case sent
    /// From the server.
    case received
  }

  /// Sees each message to and from the server, for those who want to show them.
  public var observer: ((Direction, [UInt8], Instant) -> Void)?
  private var loop: SocketLoop
  private var client: TURNClient
  /// The socket to the server; with a stream its name in the loop.
  private var socket: SocketID
  /// The connection to the server; nil for datagrams.
  private var stream: ServerStream?
  /// A further socket to the server, to which the client takes its allocation (RFC 8016).
  private var added: SocketID?
  /// The socket that the client has left; what comes in there still counts.
  private var former: SocketID?
  private let local: TransportAddress
  private let transport: Transport
  private var generator = SystemRandomNumberGenerator()

  /// A socket for this client.
  ///
  /// - Parameters:
  ///   - local: this host's endpoint, or an unspecified address; port 0 leaves it to the kernel.
  ///   - transport: how the server is reached; for TCP and TLS the client must have been made for a
  ///     stream. The connection is begun at once.
  ///   - stop: a descriptor that is readable once it is enough.
  /// - Throws: `SocketError` where the socket cannot be opened.
  public init(
    _ client: TURNClient, boundTo local: TransportAddress, over transport: Transport = .udp,
    stop: Int32? = nil
  ) throws(SocketError) {
    self.client = client
    self.local = local
    self.transport = transport
    loop = SocketLoop(stop: stop)
    stream = try ServerStream(to: client.server, from: local, over: transport)
    if let stream {
      socket = loop.watch(stream.connection.socket, for: stream.connection.interest)
    } else {
      socket = try loop.open(local, keepsErrors: true)
    }
  }

  /// The time on the socket's own clock.
  public var now: Instant { loop.now }

  /// This host's endpoint that the server is asked from.
  public var localAddress: TransportAddress {
    stream?.connection.socket.localAddress ?? loop[socket]?.localAddress ?? local
  }

  /// What has been allocated; nil before that and after the end.
  public var allocated: TURNClient.AllocatedAddresses? { client.allocated }

  /// The server asked now, which may be another one than at first.
  public var server: TransportAddress { client.server }

  // MARK: - Beside it

  /// Opens an ordinary socket beside this one.
  ///
  /// - Throws: `SocketError` where it cannot be opened.
  public mutating func open(_ address: TransportAddress) throws(SocketError) -> SocketID {
    try loop.open(address, keepsErrors: true)
  }

  /// The ordinary socket of this name; nil for one that is not open.
  public subscript(id: SocketID) -> UDPSocket? { loop[id] }

  // MARK: - What is wanted

  /// Asks for the allocation.
  public mutating func allocate() { client.started(at: loop.now, using: &generator) }

  /// Asks for permissions before there are data for these peers.
  public mutating func permit(_ addresses: [IPAddress]) {
    client.permit(addresses, at: loop.now, using: &generator)
  }

  /// Opens a further socket, from another address of this host's, and takes the allocation there
  /// (RFC 8016); `moved` or `notMoved` follows. Until then all goes by the first one.
  ///
  /// It is for datagrams, and for a client that has asked for a ticket and has got one; without,
  /// nothing happens.
  /// - Throws: `SocketError` where the socket cannot be opened.
  public mutating func move(to local: TransportAddress) throws(SocketError) {
    guard stream == nil, client.canMove else { return }
    if let added { loop.close(added) }
    added = try loop.open(local, keepsErrors: true)
    client.fiveTupleAdded(at: loop.now, using: &generator)
  }

  /// Gives the allocation up; the event of its end follows.
  public mutating func release() { client.released(at: loop.now, using: &generator) }

  /// Sends data to a peer, or holds them until the server has permitted it.
  ///
  /// - Returns: why they end here; nil if they do not.
  /// - Throws: `SocketError` where they cannot be sent to the server.
  @discardableResult
  public mutating func send(
    _ data: [UInt8], to peer: TransportAddress
  ) throws(SocketError) -> TURNClient.SendFailure? {
    var buffer: [UInt8] = []
    switch client.send(
      copying: data, into: &buffer, to: peer, at: loop.now, using: &generator)
    {
    case .send(let range):
      observer?(.sent, Array(buffer[range]), loop.now)
      if stream != nil {
        transmit(Array(buffer[range]))
      } else {
        try loop[socket]?.send(buffer.span.extracting(range), to: client.server)
      }
      return nil
    case .held: return nil
    case .dropped(let failure): return failure
    }
  }

  // MARK: - Waiting

  /// Waits for something to happen.
  ///
  /// - Parameter deadline: on the socket's clock; nil waits for as long as it takes.
  /// - Throws: `SocketError` where the kernel refuses to wait, to receive or to open a socket.
  public mutating func next(before deadline: Instant?) throws(SocketError) -> Event {
    while true {
      if let event = try act() { return event }
      switch takeFrame() {
      case .event(let event): return event
      case .handled: continue
      case .nothing: break
      }
      let first = [client.nextDeadline, deadline].compactMap(\.self).min()
      switch try loop.wait(before: first) {
      case .event(.stopped): return .stopped
      case .event(.failed(let failure, _)): return .failed(failure)
      case .event(.deadline):
        if let due = client.nextDeadline, loop.now >= due {
          client.timerFired(at: loop.now, using: &generator)
        } else if let deadline, loop.now >= deadline {
          return .deadline
        }
      case .event(.received(let arrival, let id)):
        let bytes = loop.bytes.withUnsafeBufferPointer { Array($0) }
        guard id == socket || id == added || id == former else {
          return .datagram(bytes, from: arrival.source, on: id)
        }
        if let event = received(bytes, from: arrival.source) { return event }
      case .ready(_, let readiness):
        stream?.ready(readiness)
        watch()
      }
    }
  }

  /// Hands a message of the server's to the client.
  private mutating func received(_ bytes: [UInt8], from source: TransportAddress) -> Event? {
    observer?(.received, bytes, loop.now)
    let incoming = client.received(bytes.span, from: source, at: loop.now, using: &generator)
    guard case .data(let range, let peer) = incoming else { return nil }
    return .data(Array(bytes[range]), from: peer)
  }

  // MARK: - Streams

  private enum FrameOutcome {
    case event(Event)
    case handled
    case nothing
  }

  /// Handles one message that has come by the stream, or tells of its end after the last one.
  private mutating func takeFrame() -> FrameOutcome {
    guard let stream else { return .nothing }
    if let bytes = stream.nextFrame() {
      return received(bytes, from: client.server).map { .event($0) } ?? .handled
    }
    guard let end = stream.takeEnd() else { return .nothing }
    loop.close(socket)
    return .event(.disconnected(end))
  }

  private mutating func transmit(_ bytes: [UInt8]) {
    // What the kernel does not take for long is lost, as on a full link.
    _ = stream?.connection.send(bytes.span.bytes, limit: 1 << 20)
    watch()
  }

  /// Watches the stream for what it is to be watched for.
  private mutating func watch() {
    guard let stream else { return }
    if case .ended = stream.connection.state { return loop.close(socket) }
    loop.change(socket, to: stream.connection.interest)
  }

  /// Does what the client wants.
  ///
  /// - Returns: the first report among it.
  private mutating func act() throws(SocketError) -> Event? {
    while let action = client.nextAction() {
      switch action {
      case .report(let event): return .turn(event)
      case .send(let bytes, let server):
        observer?(.sent, bytes, loop.now)
        if stream != nil {
          transmit(bytes)
          continue
        }
        do throws(SocketError) {
          try loop[socket]?.send(bytes.span, to: server)
        } catch {
          // As lost as on the way: the client sends it again.
        }
      case .sendOnAdded(let bytes, let server):
        observer?(.sent, bytes, loop.now)
        guard let added else { continue }
        do throws(SocketError) {
          try loop[added]?.send(bytes.span, to: server)
        } catch {
          // As above.
        }
      case .useAdded:
        guard let added else { continue }
        if let former { loop.close(former) }
        former = socket
        socket = added
        self.added = nil
      case .changeFiveTuple(let server, let domain):
        let earlier = socket
        let unbound = TransportAddress(local.address, port: 0)
        if stream != nil {
          let next = try ServerStream(
            to: server, from: unbound, over: transport.named(domain))
          loop.close(earlier)
          stream = next
          if let connection = next?.connection {
            socket = loop.watch(connection.socket, for: connection.interest)
          }
        } else {
          socket = try loop.open(unbound, keepsErrors: true)
          loop.close(earlier)
        }
        client.fiveTupleChanged(at: loop.now, using: &generator)
      }
    }
    return nil
  }
}

extension RelayedSocket.Transport {
  /// The same, to a server of another name; nil leaves the name as it is.
  fileprivate func named(_ domain: String?) -> Self {
    if let domain, case .tls(let context, _) = self { return .tls(context, name: domain) }
    return self
  }
}
