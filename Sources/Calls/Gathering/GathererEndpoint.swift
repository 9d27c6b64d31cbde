import Gathering
public import ICE
public import SansIO
public import Simulator
public import TransportAddress

/// A program that gathers candidates through one socket, and has no peer to tell them to.
///
/// ```
///   started ─▶ host ─▶ server-reflexive, relayed, as the servers answer ─▶ finished
/// ```
/// What it finds goes into the trace as well.
public struct GathererEndpoint: Endpoint {
  /// Something that it has noted, and when.
  public struct Note: Hashable, Sendable {
    /// The time.
    public let time: Instant
    /// What happened, in a few words: `srflx 198.51.100.1:5000`.
    public let words: String
  }

  /// The UDP port that it gathers through.
  public let port: UInt16
  /// The candidates that are not redundant.
  public private(set) var candidates = LocalCandidates()
  /// What it has found, and which server has given nothing, the earliest first.
  public private(set) var notes: [Note] = []
  /// Whether there will be no more candidates.
  public private(set) var isFinished = false

  private let servers: CallServers
  private var gatherer: BaseGatherer?
  private var actions = ActionQueue<EndpointAction>()

  /// A program that asks these servers.
  public init(servers: CallServers, port: UInt16 = 5000) {
    self.servers = servers
    self.port = port
  }

  /// The one port.
  public var ports: [UInt16] { [port] }

  /// When something is sent again, or given up.
  public var nextDeadline: Instant? { gatherer?.nextDeadline }

  // MARK: - Events

  /// Notes the host candidate, and asks the first server.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    gatherer = servers.gatherer(of: TransportAddress(address, port: port))
    gatherer?.started(at: now, using: &generator)
    takeActions(at: now)
  }

  /// Takes the response of a server.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    _ = gatherer?.received(payload, from: source, at: now, using: &generator)
    takeActions(at: now)
  }

  /// Takes what has happened on the connection to a relay.
  public mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    _ = gatherer?.streamChanged(event.atRelay, with: flow.remote, at: now, using: &generator)
    takeActions(at: now)
  }

  /// Sends again what is due, or asks the next server.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    gatherer?.timerFired(at: now, using: &generator)
    takeActions(at: now)
  }

  /// The next thing to send, or what it has found.
  public mutating func nextAction() -> EndpointAction? { actions.next() }

  // MARK: - Inside

  private mutating func takeActions(at now: Instant) {
    while let action = gatherer?.nextAction() { perform(action, at: now) }
  }

  private mutating func perform(_ action: BaseGatherer.Action, at now: Instant) {
    switch action {
    case .send(let bytes, let server): actions.append(.send(bytes, from: port, to: server))
    case .connect(let server, _): perform(.open, with: server)
    case .write(let bytes, let server): perform(.send(bytes), with: server)
    case .disconnect(let server): perform(.close, with: server)
    case .found(let candidate):
      switch candidates.add(candidate) {
      case .added(let new), .replaced(_, let new): note(new.words, at: now)
      case .redundant: note("\(candidate.type.token) \(candidate.address): redundant", at: now)
      }
    case .failed(let server, let failure): note("\(server): \(failure)", at: now)
    case .finished:
      isFinished = true
      note("that is all", at: now)
    case .refused, .released: break
    }
  }

  private mutating func perform(_ action: StreamAction, with server: TransportAddress) {
    guard let base = gatherer?.base else { return }
    actions.append(.stream(action, on: FiveTuple(.tcp, local: base, remote: server)))
  }

  private mutating func note(_ words: String, at now: Instant) {
    notes.append(Note(time: now, words: words))
    actions.append(.report(words))
  }
}

extension GathererEndpoint.Note: CustomStringConvertible {
  /// Time and words, in columns: `   17 ms  srflx 198.51.100.1:5000`.
  public var description: String {
    let number = "\(time.wholeMilliseconds)"
    return String(repeating: " ", count: max(0, 5 - number.count)) + "\(number) ms  \(words)"
  }
}
