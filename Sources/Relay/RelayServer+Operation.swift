public import STUN
internal import SansIO
internal import Sockets
public import TLS
public import TURN
public import TransportAddress

/// What an operator does to a server that runs.
extension RelayServer {
  // MARK: - Changes

  /// Shows another certificate to the clients that connect from now on; connections that exist keep
  /// theirs.
  ///
  /// - Parameter context: a server's context.
  public mutating func renew(_ context: TLSContext) {
    for (id, listener) in streamListeners where listener.context != nil {
      streamListeners[id] = ClientListener(listener: listener.listener, context: context)
    }
  }

  /// Takes other users, another policy and other limits from now on, as
  /// ``TURN/TURNServer/reconfigure(_:)`` has it.
  ///
  /// A user that is not known any more cannot refresh: the user's allocations end with their lifetime.
  public mutating func reconfigure(
    _ configuration: TURNServer.Configuration, authenticator: Authenticator
  ) {
    turn.reconfigure(configuration)
    turn.authenticator = authenticator
  }

  /// The server that new allocations are sent to with 300; nil to make them here (RFC 8656 §7.2).
  public var alternateServer: TransportAddress? {
    get { turn.alternateServer }
    set { turn.alternateServer = newValue }
  }

  // MARK: - The end

  /// Makes no more allocations, and has ``serve(_:)`` return once the last one has ended.
  ///
  /// - Parameter patience: how long that may take.
  public mutating func drain(for patience: Duration) {
    turn.admitsAllocations = false
    drainDeadline = loop.now.advanced(by: patience)
  }

  /// Goes on without an end, and without new allocations.
  mutating func stayDrained() { drainDeadline = nil }

  /// Whether it was to be drained, and is, or its time is up.
  var isDrained: Bool {
    guard let drainDeadline else { return false }
    return turn.allocationCount == 0 || loop.now >= drainDeadline
  }

  // MARK: - Figures

  /// What the server has done and has now.
  ///
  /// - Complexity: O(*n*) in the number of relayed transport addresses.
  public var figures: RelayFigures {
    RelayFigures(
      allocations: turn.allocationCount, connections: clients.count, traffic: traffic,
      drops: turn.drops, connectionEnds: connectionEnds, undelivered: undeliveredCount,
      limits: turn.configuration.limits, isDraining: !turn.admitsAllocations, counts)
  }

  mutating func reportFigures(_ report: (Report) -> Void) {
    guard let due = figuresDeadline, due <= loop.now else { return }
    lastFigures = loop.now
    report(.figures(figures))
  }

  private var figuresDeadline: Instant? {
    figuresInterval.map { lastFigures?.advanced(by: $0) ?? .zero }
  }

  // MARK: - Time

  /// When something is to be done next.
  var nextDeadline: Instant? {
    earlier(
      earlier(earlier(turn.nextDeadline, streamTimers.nextDeadline), signaling.nextDeadline),
      earlier(figuresDeadline, drainDeadline))
  }
}

/// The earlier of two times, of which either may be missing.
func earlier(_ first: Instant?, _ second: Instant?) -> Instant? {
  guard let first, let second else { return first ?? second }
  return min(first, second)
}
