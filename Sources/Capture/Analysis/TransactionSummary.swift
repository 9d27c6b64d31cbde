public import STUNCodec
public import TransportAddress

/// What a capture shows of one transaction: when it was asked, how often, and what came back.
public struct TransactionSummary: Hashable, Sendable {
  /// An ICMP error about one of the requests.
  public struct ICMPSighting: Hashable, Sendable {
    /// The frame that holds it.
    public let frame: Int
    /// Nanoseconds since 1970.
    public let time: Int64
    /// Who sent it and what it says.
    public let reporter: IPAddress
    /// `port unreachable`.
    public let meaning: String
  }

  /// What the requests and the response hold, as far as conclusions need it.
  public struct Facts: Hashable, Sendable {
    /// PRIORITY is in the request: it is a connectivity check (RFC 8445 §7.1.1).
    public internal(set) var isCheck = false
    /// USE-CANDIDATE is in the request (RFC 8445 §7.1.2).
    public internal(set) var nominates = false
    /// The role that the request claims, where it claims one: true for controlling.
    public internal(set) var isControlling: Bool?
    /// The request has an integrity attribute.
    public internal(set) var hasIntegrity = false
    /// CHANGE-REQUEST asks for an answer from another address (RFC 5780 §7.2).
    public internal(set) var asksForOtherSource = false
    /// Hashes of the request's and the response's NONCE, which only compare.
    var requestNonce: Int?
    var responseNonce: Int?
    /// XOR-PEER-ADDRESS of the request, each.
    public internal(set) var peers: [TransportAddress] = []
    /// CHANNEL-NUMBER of the request.
    public internal(set) var channel: ChannelNumber?
    /// XOR-RELAYED-ADDRESS of the response.
    public internal(set) var relayedAddress: TransportAddress?
    /// XOR-MAPPED-ADDRESS or MAPPED-ADDRESS of the response.
    public internal(set) var mappedAddress: TransportAddress?
    /// LIFETIME of the response, in seconds.
    public internal(set) var lifetime: UInt32?
    /// LIFETIME of the request, in seconds.
    public internal(set) var requestedLifetime: UInt32?
  }

  /// What matches the response with the request.
  public let id: CapturedTransactionID
  /// The method's number.
  public let method: STUNMethod
  /// The method's name in the message's dialect.
  public let methodName: String
  /// Who asked.
  public let client: TransportAddress
  /// Who was asked; the peer where a relay carried the request.
  public let server: TransportAddress
  /// The TURN server that carried request and response inside its own messages.
  public let relay: TransportAddress?
  /// Whether TCP carried it.
  public let isTCP: Bool
  /// The frames of the request and of each time it was sent again; empty when none was captured.
  public internal(set) var requestFrames: [Int] = []
  /// When each was recorded, in nanoseconds since 1970.
  public internal(set) var requestTimes: [Int64] = []
  /// Frames in which a request was recorded again, by another interface or within 5 ms.
  public internal(set) var duplicateFrames: [Int] = []
  /// The frame of the first response.
  public internal(set) var responseFrame: Int?
  /// When it was recorded, in nanoseconds since 1970.
  public internal(set) var responseTime: Int64?
  /// Whether it was a success.
  public internal(set) var responseClass: MessageClass?
  /// The code of an error response.
  public internal(set) var errorCode: ErrorCode?
  /// Where the response came from, if that is not where the request went.
  public internal(set) var responseSource: TransportAddress?
  /// Whether a request was sent again with different bytes, which is forbidden (RFC 8489 §5).
  public internal(set) var hasChanged = false
  /// ICMP errors about its requests.
  public internal(set) var icmpErrors: [ICMPSighting] = []
  /// Whether the capture ends before an answer could come.
  public internal(set) var endsWithCapture = false
  /// What its messages hold.
  public internal(set) var facts = Facts()

  init(
    id: CapturedTransactionID, method: STUNMethod, methodName: String, client: TransportAddress,
    server: TransportAddress, relay: TransportAddress?, isTCP: Bool
  ) {
    self.id = id
    self.method = method
    self.methodName = methodName
    self.client = client
    self.server = server
    self.relay = relay
    self.isTCP = isTCP
  }

  /// How often the request was sent again.
  public var retransmissionCount: Int { max(0, requestFrames.count - 1) }

  /// Whether a response was captured.
  public var isAnswered: Bool { responseFrame != nil }

  /// Whether only the response was captured.
  public var isWithoutRequest: Bool { requestFrames.isEmpty }

  /// Whether the response was recorded before the request, as interfaces and clocks may do it.
  public var isOutOfOrder: Bool {
    guard let responseTime, let first = requestTimes.first else { return false }
    return responseTime < first
  }

  /// From the request to its response in nanoseconds.
  ///
  /// Nil if the request was sent more than once, because it is unknown which one was answered, if it was
  /// not captured, and if the response seems to come first.
  public var roundTripTime: Int64? {
    guard requestTimes.count == 1, let responseTime, responseTime >= requestTimes[0] else {
      return nil
    }
    return responseTime &- requestTimes[0]
  }

  /// When it was first seen, in nanoseconds since 1970.
  public var firstTime: Int64 { requestTimes.first ?? responseTime ?? 0 }

  /// The frame in which it was first seen.
  public var firstFrame: Int { requestFrames.first ?? responseFrame ?? 0 }

  /// The transactions of a capture, in the order in which they began.
  public static func transactions(in messages: [CapturedMessage]) -> [TransactionSummary] {
    var tracker = TransactionTracker()
    for message in messages { tracker.observed(message) }
    tracker.captureEnded()
    return tracker.transactions
  }
}
