public import Gathering
public import ICE
public import SansIO
public import Sockets
public import TLS
public import TransportAddress

/// A ``Connection`` on real sockets, one for each of this host's addresses: its driver.
///
///     var live = try LiveConnection(role: .controlling, addresses: …, servers: …)
///     live.start()
///     switch try live.next(before: nil) {
///     case .connection(.gatheringFinished): … live.localDescription …
///     case .connection(.selected): … live.send(…)
///     …
///     }
public struct LiveConnection: ~Copyable {
  /// What happened.
  public enum Event: Hashable, Sendable {
    /// Something about the connection.
    case connection(Connection.Event)
    /// A descriptor that is watched can be read without waiting, or is at its end.
    case readable(Int32)
    /// A connection that is watched is ready.
    case ready(SocketID, Readiness)
    /// The deadline has come.
    case deadline
    /// The descriptor that says when to stop is readable.
    case stopped
  }

  /// The machine, to look at.
  public internal(set) var connection: Connection
  var loop: SocketLoop
  private var sockets: [TransportAddress: SocketID] = [:]
  private var bases: [SocketID: TransportAddress] = [:]
  /// What is watched beside the sockets, by its descriptor.
  private var watched: [Int32: SocketID] = [:]
  /// The connections of the user's own that are watched.
  private var connections: Set<SocketID> = []
  /// The connections to TURN servers, by the base that has them.
  var streams: [TransportAddress: RelayStream] = [:]
  var names = NameSockets()
  /// Whom TLS trusts; made when it is first needed, unless it was given.
  var trust: TLSContext?
  var generator = SystemRandomNumberGenerator()

  /// A connection with a socket at each of these addresses of this host, the preferred one first.
  ///
  /// An address that no socket can be opened at is left out.
  /// - Parameters:
  ///   - port: the port of all of them; 0 leaves it to the kernel.
  ///   - trust: whom to trust with TLS; nil for the system's issuers.
  ///   - stop: a descriptor that is readable once it is enough.
  /// - Throws: as `Connection`'s initializer, and where no socket can be opened at all.
  public init(
    role: AgentRole, addresses: [IPAddress], port: UInt16 = 0, servers: GatheringServers,
    trust: TLSContext? = nil, configuration: ICEConfiguration = .init(), stop: Int32? = nil
  ) throws(ConnectionError) {
    self.trust = trust
    loop = SocketLoop(stop: stop)
    var opened: [TransportAddress] = []
    var failure: SocketError?
    for address in addresses {
      do throws(SocketError) {
        let id = try loop.open(TransportAddress(address, port: port), keepsErrors: true)
        guard let base = loop[id]?.localAddress else { continue }
        (sockets[base], bases[id]) = (id, base)
        opened.append(base)
      } catch {
        failure = error
      }
    }
    if opened.isEmpty, let failure { throw .socket(failure) }
    connection = try Connection(
      role: role, bases: opened, servers: servers, askingFrom: Self.sources(for: servers),
      configuration: configuration, using: &generator)
  }

  /// The addresses of this host that packets to the servers leave from.
  private static func sources(for servers: GatheringServers) -> Set<IPAddress> {
    var sources: Set<IPAddress> = []
    for server in servers.stun + servers.relays.map(\.server) {
      // Where there is no route, there is nobody to ask.
      if let source = try? UDPSocket.source(for: server) { sources.insert(source) }
    }
    return sources
  }

  /// The time on the connection's own clock.
  public var now: Instant { loop.now }

  /// What the peer is to be told.
  public var localDescription: ICEDescription { connection.localDescription }

  // MARK: - What is wanted

  /// Begins to gather.
  public mutating func start() { connection.started(at: loop.now, using: &generator) }

  /// Takes the peer's description, and begins to check.
  ///
  /// - Throws: ``ConnectionError`` for a description that cannot be used.
  public mutating func receive(_ description: ICEDescription) throws(ConnectionError) {
    try connection.remoteDescriptionReceived(description, at: loop.now, using: &generator)
  }

  /// Sends data to the peer, in one datagram; see ``Connection/send(_:at:using:)``.
  ///
  /// - Returns: false if there is no pair that data may go over.
  public mutating func send(_ data: [UInt8]) -> Bool {
    let isSent = connection.send(data, at: loop.now, using: &generator)
    // Reports wait in the machine; datagrams go out at once.
    flush()
    return isSent
  }

  /// Gives relayed addresses back; the event follows.
  public mutating func release() { connection.released(at: loop.now, using: &generator) }

  /// Watches a descriptor beside the sockets, such as standard input; a second time nothing happens.
  public mutating func watch(_ descriptor: Int32) {
    guard watched[descriptor] == nil else { return }
    watched[descriptor] = loop.watch(descriptor: descriptor, for: .readable)
  }

  /// Watches a descriptor no longer.
  public mutating func unwatch(_ descriptor: Int32) {
    if let id = watched.removeValue(forKey: descriptor) { loop.close(id) }
  }

  /// Watches a connection of the user's own beside the sockets.
  public mutating func watch(_ socket: StreamSocket, for readiness: Readiness) -> SocketID {
    let id = loop.watch(socket, for: readiness)
    connections.insert(id)
    return id
  }

  /// Changes what a connection is watched for.
  public mutating func change(_ id: SocketID, to readiness: Readiness) {
    if connections.contains(id) { loop.change(id, to: readiness) }
  }

  /// Watches a connection no longer.
  public mutating func unwatch(_ id: SocketID) {
    if connections.remove(id) != nil { loop.close(id) }
  }

  // MARK: - Waiting

  /// What was reported while datagrams were sent.
  private var reports = ActionQueue<Connection.Event>()

  /// Waits for something to happen.
  ///
  /// - Parameter deadline: on the connection's clock; nil waits for as long as it takes.
  /// - Throws: `SocketError` where the kernel refuses to wait or to receive.
  public mutating func next(before deadline: Instant?) throws(SocketError) -> Event {
    while true {
      flush()
      if let event = reports.next() { return .connection(event) }
      let first = [connection.nextDeadline, deadline].compactMap(\.self).min()
      switch try loop.wait(before: first) {
      case .ready(let id, let readiness):
        if let descriptor = watched.first(where: { $0.value == id })?.key {
          return .readable(descriptor)
        }
        if connections.contains(id) { return .ready(id, readiness) }
        if let base = streams.first(where: { $0.value.id == id })?.key {
          ready(base, readiness)
        }
      case .event(.stopped): return .stopped
      case .event(.deadline):
        if let due = connection.nextDeadline, loop.now >= due {
          connection.timerFired(at: loop.now, using: &generator)
        } else if let deadline, loop.now >= deadline {
          return .deadline
        }
      case .event(.received(let arrival, let id)):
        if let way = names.ways[id] {
          connection.namesReceived(
            loop.bytes, from: arrival.source, by: way, at: loop.now, using: &generator)
          continue
        }
        guard let base = bases[id] else { continue }
        connection.received(
          loop.bytes, from: arrival.source, to: base, at: loop.now, using: &generator)
      case .event(.failed(let failure, let id)):
        guard let base = bases[id], case .icmp = failure.origin else { continue }
        connection.unreachable(
          failure.destination, from: base, at: loop.now, using: &generator)
      }
    }
  }

  /// Sends what is to be sent, and keeps what is reported.
  private mutating func flush() {
    while let action = connection.nextAction() {
      switch action {
      case .report(let event): reports.append(event)
      case .query(let bytes): query(bytes)
      case .connect(let base, let server, let transport):
        connect(from: base, to: server, over: transport)
      case .write(let bytes, let base, let server): write(bytes, from: base, to: server)
      case .disconnect(let base, let server): disconnect(from: base, to: server)
      case .send(let bytes, let base, let target):
        guard let id = sockets[base] else { continue }
        do throws(SocketError) {
          try loop[id]?.send(bytes.span, to: target)
        } catch {
          // No route, or too long for the link: as lost as on the way, and checks are repeated.
        }
      }
    }
    closeNamesIfDone()
  }
}
