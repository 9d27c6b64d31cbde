public import IPPacket
public import SansIO
public import TransportAddress

/// A program that sends what it is told when it is told, and keeps what comes.
public struct ScriptEndpoint: Endpoint {
  /// One line of the script.
  public struct Line: Hashable, Sendable {
    /// When to send.
    public var time: Instant
    /// What to send.
    public var payload: [UInt8]
    /// Where to.
    public var destination: TransportAddress
    /// The address that the socket is bound to; nil for any.
    public var source: IPAddress?

    /// Sends bytes at a time.
    public init(
      at time: Instant, send payload: [UInt8], to destination: TransportAddress,
      from source: IPAddress? = nil
    ) {
      self.time = time
      self.payload = payload
      self.destination = destination
      self.source = source
    }

    /// Sends a text in UTF-8 at a time.
    public init(
      at time: Instant, send text: String, to destination: TransportAddress,
      from source: IPAddress? = nil
    ) {
      self.init(at: time, send: Array(text.utf8), to: destination, from: source)
    }
  }

  /// A datagram that came.
  public struct Received: Hashable, Sendable {
    /// When it came.
    public let time: Instant
    /// What it carried.
    public let payload: [UInt8]
    /// Where it came from.
    public let source: TransportAddress
  }

  /// The UDP port.
  public let port: UInt16
  /// Whether it sends back what comes.
  public let echoes: Bool
  /// What came, the earliest first.
  public private(set) var received: [Received] = []
  /// The ICMP errors that came about what it sent.
  public private(set) var errors: [ICMPError] = []
  /// The lines that are to come, the latest first.
  private var lines: [Line]
  private var actions = ActionQueue<EndpointAction>()

  /// A program with a script, whose lines may stand in any order.
  public init(port: UInt16 = 5000, _ lines: [Line] = [], echoes: Bool = false) {
    self.port = port
    self.echoes = echoes
    // Lines of the same time keep their order, which sorting alone would not promise.
    self.lines = lines.enumerated()
      .sorted { ($0.element.time, $0.offset) > ($1.element.time, $1.offset) }.map(\.element)
  }

  /// The one port.
  public var ports: [UInt16] { [port] }

  /// When the next line is sent.
  public var nextDeadline: Instant? { lines.last?.time }

  /// Sends the lines that are due.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    timerFired(at: now, using: &generator)
  }

  /// Sends the lines that are due.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    while let line = lines.last, line.time <= now {
      lines.removeLast()
      send(line.payload, to: line.destination, from: line.source)
    }
  }

  /// Keeps a datagram, and sends it back if it echoes.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    let bytes = Array(payload)
    received.append(Received(time: now, payload: bytes, source: source))
    // From the address that it came to, which need not be that of the default route.
    if echoes { send(bytes, to: source, from: local.address) }
  }

  /// Keeps an error.
  public mutating func received(_ error: ICMPError, at now: Instant) {
    errors.append(error)
  }

  /// Adds a line to the script, behind those of the same time.
  public mutating func add(_ line: Line) {
    lines.insert(line, at: lines.firstIndex { $0.time <= line.time } ?? lines.count)
  }

  /// Sends bytes as soon as its network goes on.
  ///
  /// - Parameter source: the address that the socket is bound to; nil for any.
  public mutating func send(
    _ payload: [UInt8], to destination: TransportAddress, from source: IPAddress? = nil
  ) {
    if let source {
      let local = TransportAddress(source, port: port)
      actions.append(.sendBound(payload, from: local, to: destination))
    } else {
      actions.append(.send(payload, from: port, to: destination))
    }
  }

  /// The next datagram to send.
  public mutating func nextAction() -> EndpointAction? { actions.next() }
}

extension Endpoint where Self == ScriptEndpoint {
  /// A program that sends these lines from port 5000.
  public static func script(_ lines: ScriptEndpoint.Line...) -> Self { Self(port: 5000, lines) }

  /// A program that sends back what comes to a port.
  public static func echo(port: UInt16) -> Self { Self(port: port, echoes: true) }
}
