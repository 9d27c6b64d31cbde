internal import STUN
public import STUNCodec
public import TURN

/// What a server has done since its start, and what it has at one moment.
///
/// Numbers alone, of which there is a bounded number whatever clients do: no user, no address and no
/// port is among them (T20). So they can go to another thread, which shows them.
public struct RelayFigures: Sendable {
  /// A kind of response: the request's method and the error code, nil for success.
  public struct Response: Hashable, Sendable {
    /// The method of the request.
    public let method: STUNMethod
    /// The error code; nil for a success response.
    public let code: ErrorCode?
  }

  /// The threads that serve.
  public internal(set) var threads = 1
  /// Allocations that there are now, with those whose sockets are being opened.
  public internal(set) var allocations = 0
  /// Connections of clients over TCP and TLS that there are now.
  public internal(set) var connections = 0
  /// What went through all allocations.
  public internal(set) var traffic = Traffic()
  /// Datagrams and messages that came to nothing, by reason.
  public internal(set) var drops: [String: Int] = [:]
  /// Connections that are over or were refused, by reason.
  public internal(set) var connectionEnds: [String: Int] = [:]
  /// Data for clients that did not take what waited for them already.
  public internal(set) var undelivered = 0
  /// What one user, one allocation and one source may have.
  public internal(set) var limits = TURNServer.Limits()
  /// Whether the server makes no more allocations, as it is about to end.
  public internal(set) var isDraining = false
  /// Responses, by method and outcome.
  public internal(set) var responses: [Response: Int] = [:]
  /// Allocations made since the start.
  public internal(set) var allocated = 0
  /// Allocations that are over, by reason.
  public internal(set) var ended: [String: Int] = [:]
  /// Sockets for relayed transport addresses that could not be opened.
  public internal(set) var notOpened = 0
  /// When the server was started, in seconds since 1970; its owner says it.
  public var startTime: Int64 = 0
  /// How often the configuration was read anew and taken; its owner says it.
  public var reloads = 0
  /// How often the configuration was read anew and refused; its owner says it.
  public var refusedReloads = 0

  /// The figures of a server that has done nothing yet.
  public init() {}

  init(
    allocations: Int, connections: Int, traffic: Traffic, drops: DropCounts<TURNServer.DropReason>,
    connectionEnds: DropCounts<ConnectionEnd>, undelivered: Int, limits: TURNServer.Limits,
    isDraining: Bool, _ counts: ServerCounts
  ) {
    self.init()
    self.allocations = allocations
    self.connections = connections
    self.traffic = traffic
    for (reason, count) in drops.byReason { self.drops[reason.description, default: 0] += count }
    for (end, count) in connectionEnds.byReason {
      self.connectionEnds[end.description, default: 0] += count
    }
    self.undelivered = undelivered
    self.limits = limits
    self.isDraining = isDraining
    responses = counts.responses
    allocated = counts.allocated
    for (reason, count) in counts.ended { ended[reason.description, default: 0] += count }
    notOpened = counts.notOpened
  }

  /// Adds those of another thread of the same server, which has the same limits.
  static func += (left: inout RelayFigures, right: RelayFigures) {
    left.threads += right.threads
    left.allocations += right.allocations
    left.connections += right.connections
    left.traffic += right.traffic
    left.drops.merge(right.drops, uniquingKeysWith: +)
    left.connectionEnds.merge(right.connectionEnds, uniquingKeysWith: +)
    left.undelivered += right.undelivered
    left.limits = right.limits
    left.isDraining = left.isDraining || right.isDraining
    left.responses.merge(right.responses, uniquingKeysWith: +)
    left.allocated += right.allocated
    left.ended.merge(right.ended, uniquingKeysWith: +)
    left.notOpened += right.notOpened
  }
}

/// What a server counts besides drops and traffic, none of it for data.
struct ServerCounts {
  private(set) var responses: [RelayFigures.Response: Int] = [:]
  private(set) var allocated = 0
  private(set) var ended: [TURNServer.EndReason: Int] = [:]
  var notOpened = 0

  /// Counts a message that goes to a client, if it is a response.
  mutating func note(_ bytes: Span<UInt8>) {
    guard let message = try? STUNMessageView(bytes.bytes) else { return }
    switch message.type.class {
    case .successResponse: count(message.type.method, nil)
    case .errorResponse: count(message.type.method, (try? message.errorCode) ?? .serverError)
    case .request, .indication: break
    }
  }

  /// Counts what happens to allocations.
  mutating func note(_ event: TURNServer.Event) {
    switch event {
    case .allocated: allocated += 1
    case .ended(_, _, _, let reason): ended[reason, default: 0] += 1
    default: break
    }
  }

  private mutating func count(_ method: STUNMethod, _ code: ErrorCode?) {
    responses[RelayFigures.Response(method: method, code: code), default: 0] += 1
  }
}
