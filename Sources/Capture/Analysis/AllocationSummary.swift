public import STUNCodec
public import TransportAddress

/// A TURN allocation as a capture shows it, or the attempt at one.
public struct AllocationSummary: Hashable, Sendable {
  /// An error response to one of its requests.
  public struct Refusal: Hashable, Sendable {
    /// `Allocate`, `CreatePermission`.
    public let methodName: String
    /// What the server said.
    public let code: ErrorCode
    /// The frame of the response.
    public let frame: Int
  }

  /// What became of it.
  public enum End: Hashable, Sendable {
    /// No Allocate request succeeded.
    case notMade
    /// It lives at the capture's end.
    case open
    /// A Refresh with lifetime 0 deleted it, in this frame (RFC 8656 §8.2).
    case deleted(frame: Int)
  }

  /// The relay's client.
  public let client: TransportAddress
  /// The relay.
  public let server: TransportAddress
  /// Where peers reach the client, once allocated.
  public internal(set) var relayedAddress: TransportAddress?
  /// Where the relay sees the client.
  public internal(set) var mappedAddress: TransportAddress?
  /// The lifetime in seconds that the last success granted.
  public internal(set) var lifetime: UInt32?
  /// The frame of the Allocate success.
  public internal(set) var madeFrame: Int?
  /// The time of the Allocate success, in nanoseconds since 1970.
  public internal(set) var madeTime: Int64?
  /// The frame of the last success that gave it a lifetime.
  public internal(set) var refreshedFrame: Int?
  /// The time of that success, in nanoseconds since 1970.
  public internal(set) var refreshedTime: Int64?
  /// The peers that it has permissions for.
  public internal(set) var permissions: [IPAddress] = []
  /// Its channels and their peers.
  public internal(set) var channels: [ChannelNumber: TransportAddress] = [:]
  /// The error responses to its requests.
  public internal(set) var refusals: [Refusal] = []
  /// What became of it.
  public internal(set) var end: End = .notMade
  /// How many indications and ChannelData the client sent.
  public internal(set) var sentCount = 0
  /// How many indications and ChannelData the client got.
  public internal(set) var receivedCount = 0

  private struct Flow: Hashable {
    let client: TransportAddress
    let server: TransportAddress
  }

  /// The allocations of a capture, in the order of their first request.
  static func allocations(
    in transactions: [TransactionSummary], _ runs: [TransactionTracker.Run]
  ) -> [AllocationSummary] {
    var current: [Flow: Int] = [:]
    var list: [AllocationSummary] = []
    func place(_ flow: Flow) -> Int {
      if let place = current[flow] { return place }
      list.append(AllocationSummary(client: flow.client, server: flow.server))
      current[flow] = list.count - 1
      return list.count - 1
    }
    for transaction in transactions where transaction.relay == nil && transaction.isTURN {
      let flow = Flow(client: transaction.client, server: transaction.server)
      // A second success is another allocation.
      if transaction.method == .allocate, transaction.responseClass == .successResponse,
        let known = current[flow], list[known].end != .notMade
      {
        current[flow] = nil
      }
      list[place(flow)].add(transaction)
    }
    for run in runs {
      let flow = Flow(client: run.client, server: run.relay)
      guard let place = current[flow] else { continue }
      if run.isOutgoing {
        list[place].sentCount += run.count
      } else {
        list[place].receivedCount += run.count
      }
    }
    return list
  }

  private init(client: TransportAddress, server: TransportAddress) {
    self.client = client
    self.server = server
  }

  private mutating func add(_ transaction: TransactionSummary) {
    guard let frame = transaction.responseFrame else { return }
    if transaction.responseClass == .errorResponse {
      if let code = transaction.errorCode {
        refusals.append(Refusal(methodName: transaction.methodName, code: code, frame: frame))
      }
      return
    }
    switch transaction.method {
    case .allocate:
      relayedAddress = transaction.facts.relayedAddress
      mappedAddress = transaction.facts.mappedAddress
      (madeFrame, madeTime) = (frame, transaction.responseTime)
      end = .open
      refreshed(transaction, frame)
    case .refresh:
      if transaction.facts.lifetime == 0 || transaction.facts.requestedLifetime == 0 {
        end = .deleted(frame: frame)
        lifetime = 0
      } else {
        if end == .notMade { end = .open }
        refreshed(transaction, frame)
      }
    case .createPermission, .channelBind:
      if end == .notMade { end = .open }
      for peer in transaction.facts.peers where !permissions.contains(peer.address) {
        permissions.append(peer.address)
      }
      if let channel = transaction.facts.channel, let peer = transaction.facts.peers.first {
        channels[channel] = peer
      }
    default: break
    }
  }

  private mutating func refreshed(_ transaction: TransactionSummary, _ frame: Int) {
    lifetime = transaction.facts.lifetime ?? lifetime
    (refreshedFrame, refreshedTime) = (frame, transaction.responseTime)
  }
}

extension TransactionSummary {
  /// Whether its method manages an allocation (RFC 8656 §17).
  var isTURN: Bool {
    switch method {
    case .allocate, .refresh, .createPermission, .channelBind: methodName != "Send"
    default: false
    }
  }
}
