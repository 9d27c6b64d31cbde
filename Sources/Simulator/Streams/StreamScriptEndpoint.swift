public import SansIO
public import TransportAddress

/// A program that opens connections when it is told, sends what it is told, and keeps what comes; it
/// closes when the other side has closed.
public struct StreamScriptEndpoint: StreamEndpoint {
  /// A connection that is to be opened.
  public struct Opening: Hashable, Sendable {
    /// When to open it.
    public var time: Instant
    /// The port to open it from.
    public var port: UInt16
    /// Where to.
    public var destination: TransportAddress
    /// What to send when it is open.
    public var payload: [UInt8]
    /// Whether to close it behind the payload.
    public var closes: Bool

    /// A connection that sends a payload and is closed, unless it is to stay open.
    public init(
      at time: Instant = .zero, from port: UInt16 = 5000, to destination: TransportAddress,
      send payload: [UInt8], closes: Bool = true
    ) {
      self.time = time
      self.port = port
      self.destination = destination
      self.payload = payload
      self.closes = closes
    }
  }

  /// Something that happened on a connection.
  public struct Happening: Hashable, Sendable {
    /// When it happened.
    public let time: Instant
    /// The connection.
    public let flow: FiveTuple
    /// What happened; the bytes that came are in ``StreamScriptEndpoint/received``.
    public let event: StreamEvent
  }

  /// The ports at which it accepts connections.
  public let listeningPorts: [UInt16]
  /// Whether it sends back what comes.
  public let echoes: Bool
  /// What came, of all connections, in the order in which it came.
  public private(set) var received: [UInt8] = []
  /// What happened besides bytes that came, the earliest first.
  public private(set) var happenings: [Happening] = []
  /// What is to be opened, the latest first.
  private var openings: [Opening]
  /// What is to be sent on a connection that is being opened.
  private var opened: [FiveTuple: Opening] = [:]
  private var address = IPAddress.v4(IPv4Address(0, 0, 0, 0))
  private var actions = ActionQueue<EndpointAction>()

  /// A program that opens these connections, and accepts others at its ports.
  public init(_ openings: [Opening] = [], listeningAt ports: [UInt16] = [], echoes: Bool = false) {
    self.openings = openings.sorted { $0.time > $1.time }
    listeningPorts = ports
    self.echoes = echoes
  }

  /// When the next connection is opened.
  public var nextDeadline: Instant? { openings.last?.time }

  /// Opens the connections that are due.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    self.address = address
    timerFired(at: now, using: &generator)
  }

  /// Opens the connections that are due.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    while let opening = openings.last, opening.time <= now {
      openings.removeLast()
      let local = TransportAddress(address, port: opening.port)
      let flow = FiveTuple(.tcp, local: local, remote: opening.destination)
      opened[flow] = opening
      actions.append(.stream(.open, on: flow))
    }
  }

  /// Opens from the new address what is to be opened.
  public mutating func addressChanged(
    to address: IPAddress?, at now: Instant, using generator: inout SeededGenerator
  ) {
    if let address { self.address = address }
  }

  /// Sends, closes, and keeps what happens.
  public mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    if case .received(let bytes) = event {
      received += bytes
      if echoes { actions.append(.stream(.send(bytes), on: flow)) }
      return
    }
    happenings.append(Happening(time: now, flow: flow, event: event))
    switch event {
    case .opened:
      guard let opening = opened.removeValue(forKey: flow) else { return }
      actions.append(.stream(.send(opening.payload), on: flow))
      if opening.closes { actions.append(.stream(.close, on: flow)) }
    case .ended: actions.append(.stream(.close, on: flow))
    case .received, .closed: break
    }
  }

  /// The next thing to do.
  public mutating func nextAction() -> EndpointAction? { actions.next() }
}

extension Endpoint where Self == StreamScriptEndpoint {
  /// A program that opens one connection, sends a text and closes, unless it is to stay open.
  public static func stream(
    _ text: String, to destination: TransportAddress, closes: Bool = true
  ) -> Self {
    Self([.init(to: destination, send: Array(text.utf8), closes: closes)])
  }

  /// A program that accepts connections at a port, and says nothing.
  public static func streamListener(port: UInt16) -> Self { Self(listeningAt: [port]) }

  /// A program that accepts connections at a port, and sends back what comes.
  public static func streamEcho(port: UInt16) -> Self { Self(listeningAt: [port], echoes: true) }
}
