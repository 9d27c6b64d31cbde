public import STUNCodec
public import TransportAddress

/// What a capture's transactions mean: who asked whom, what became of it, and what went wrong.
public struct CaptureReport: Hashable, Sendable {
  /// Each directed pair of addresses between which requests went, in the order of the first one.
  public let pairs: [PairSummary]
  /// Each attempt at a TURN allocation and what became of it.
  public let allocations: [AllocationSummary]
  /// What is worth knowing first, most telling first.
  public let conclusions: [Conclusion]
  /// How many transactions there are of each kind of end.
  public let counts: Counts
  /// How often each error code came, by code.
  public let errorCodes: [(code: ErrorCode, count: Int)]

  /// Numbers of transactions.
  public struct Counts: Hashable, Sendable {
    /// All of them, those included whose request was not captured.
    public internal(set) var transactions = 0
    /// Those with a success response.
    public internal(set) var succeeded = 0
    /// Those with an error response.
    public internal(set) var refused = 0
    /// Those that had time for a response and got none.
    public internal(set) var unanswered = 0
    /// Those that the capture's end cuts off.
    public internal(set) var cutOff = 0
    /// Responses whose request was not captured.
    public internal(set) var withoutRequest = 0
  }

  /// Whether a transaction failed: it got no response, or an error that was not put right.
  ///
  /// A first 401, 438 and 300 are ordinary steps, and so is 487. Connectivity checks that fail are
  /// ordinary too where another one succeeds: ICE tries what may not work.
  public let hasFailed: Bool

  /// The report on what a tracker has seen, or on a part of it.
  ///
  /// - Complexity: O(*n*) in the transactions and runs, but for sorting and what was refused.
  public init(
    _ transactions: [TransactionSummary], _ runs: [TransactionTracker.Run] = []
  ) {
    pairs = PairSummary.pairs(in: transactions)
    allocations = AllocationSummary.allocations(in: transactions, runs)
    var counts = Counts()
    var codes: [ErrorCode: Int] = [:]
    for transaction in transactions {
      counts.transactions += 1
      if transaction.isWithoutRequest { counts.withoutRequest += 1 }
      switch transaction.responseClass {
      case .successResponse: counts.succeeded += 1
      case .errorResponse:
        counts.refused += 1
        if let code = transaction.errorCode { codes[code, default: 0] += 1 }
      default:
        if transaction.endsWithCapture {
          counts.cutOff += 1
        } else {
          counts.unanswered += 1
        }
      }
    }
    self.counts = counts
    errorCodes = codes.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    conclusions = Conclusion.conclusions(transactions, runs, pairs, allocations)
    hasFailed = Self.hasFailed(transactions)
  }

  private static func hasFailed(_ transactions: [TransactionSummary]) -> Bool {
    let hasGoodCheck = transactions.contains {
      $0.facts.isCheck && $0.responseClass == .successResponse && !$0.isAsymmetric
    }
    return transactions.contains { transaction in
      guard !(transaction.facts.isCheck && hasGoodCheck) else { return false }
      switch transaction.responseClass {
      case .successResponse: return transaction.isAsymmetric
      case .errorResponse: return !transaction.isOrdinaryRefusal
      default: return !transaction.endsWithCapture
      }
    }
  }

  /// Whether both reports have the same pairs, allocations, conclusions and counts.
  public static func == (left: CaptureReport, right: CaptureReport) -> Bool {
    left.pairs == right.pairs && left.allocations == right.allocations
      && left.conclusions == right.conclusions && left.counts == right.counts
      && left.hasFailed == right.hasFailed
  }

  /// Hashes the pairs, allocations and conclusions.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(pairs)
    hasher.combine(allocations)
    hasher.combine(conclusions)
  }
}

extension TransactionSummary {
  /// Whether the response came from another address than the one asked, without a request for that.
  public var isAsymmetric: Bool { responseSource != nil && !facts.asksForOtherSource }

  /// Whether an error response is a step of the protocol that the client answers.
  ///
  /// 401 to a request without integrity is the long-term mechanism's challenge (RFC 8489 §9.2.4), 438
  /// brings a new nonce, 300 another server, and 487 switches a role (RFC 8445 §7.2.5.1).
  public var isOrdinaryRefusal: Bool {
    switch errorCode {
    case ErrorCode.unauthenticated: !facts.hasIntegrity && !isWithoutRequest
    case ErrorCode.staleNonce, ErrorCode.tryAlternate, ErrorCode.roleConflict: true
    default: false
    }
  }
}

/// What went between two addresses, in the direction in which it was asked.
public struct PairSummary: Hashable, Sendable {
  /// Who asked.
  public let client: TransportAddress
  /// Who was asked.
  public let server: TransportAddress
  /// The TURN server in between, if any.
  public let relay: TransportAddress?
  /// Whether TCP carried it.
  public let isTCP: Bool
  /// The methods asked for, in the order in which they came first.
  public internal(set) var methods: [String] = []
  /// How many transactions it has.
  public internal(set) var transactionCount = 0
  /// How many requests were sent, retransmissions included.
  public internal(set) var sentCount = 0
  /// How many transactions got a response.
  public internal(set) var answeredCount = 0
  /// How many got none and had time for one.
  public internal(set) var unansweredCount = 0
  /// The shortest and the longest round trip in nanoseconds.
  public internal(set) var roundTrips: ClosedRange<Int64>?
  /// Whether its requests are connectivity checks.
  public internal(set) var isCheck = false
  /// The frame of the first request with USE-CANDIDATE that succeeded.
  public internal(set) var nominatedFrame: Int?
  /// The frame of the last response.
  public internal(set) var lastResponseFrame: Int?
  /// The time of the last response, in nanoseconds since 1970.
  public internal(set) var lastResponseTime: Int64?
  /// Error codes, each once, in their order.
  public internal(set) var errorCodes: [UInt16] = []
  /// ICMP errors about its requests: what they say and their frames.
  public internal(set) var icmpErrors: [String: [Int]] = [:]
  /// Times of the last success and the last request, for consent.
  var lastSuccess: (frame: Int, time: Int64)?
  var lastRequest: (frame: Int, time: Int64)?

  private struct Key: Hashable {
    let client: TransportAddress
    let server: TransportAddress
    let relay: TransportAddress?
    let isTCP: Bool
  }

  static func pairs(in transactions: [TransactionSummary]) -> [PairSummary] {
    var places: [Key: Int] = [:]
    var pairs: [PairSummary] = []
    for transaction in transactions {
      let key = Key(
        client: transaction.client, server: transaction.server, relay: transaction.relay,
        isTCP: transaction.isTCP)
      let place = places[key] ?? pairs.count
      if place == pairs.count {
        places[key] = place
        pairs.append(
          PairSummary(
            client: key.client, server: key.server, relay: key.relay, isTCP: key.isTCP))
      }
      pairs[place].add(transaction)
    }
    return pairs
  }

  private init(
    client: TransportAddress, server: TransportAddress, relay: TransportAddress?, isTCP: Bool
  ) {
    self.client = client
    self.server = server
    self.relay = relay
    self.isTCP = isTCP
  }

  private mutating func add(_ transaction: TransactionSummary) {
    if !methods.contains(transaction.methodName) { methods.append(transaction.methodName) }
    transactionCount += 1
    sentCount += transaction.requestFrames.count
    isCheck = isCheck || transaction.facts.isCheck
    if let frame = transaction.requestFrames.last, let time = transaction.requestTimes.last {
      lastRequest = (frame, time)
    }
    for error in transaction.icmpErrors {
      icmpErrors[error.meaning, default: []].append(error.frame)
    }
    if let code = transaction.errorCode?.rawValue, !errorCodes.contains(code) {
      errorCodes.append(code)
      errorCodes.sort()
    }
    guard let frame = transaction.responseFrame, let time = transaction.responseTime else {
      if !transaction.endsWithCapture { unansweredCount += 1 }
      return
    }
    answeredCount += 1
    if time >= lastResponseTime ?? .min { (lastResponseFrame, lastResponseTime) = (frame, time) }
    if let trip = transaction.roundTripTime {
      let range = roundTrips ?? trip...trip
      roundTrips = min(range.lowerBound, trip)...max(range.upperBound, trip)
    }
    guard transaction.responseClass == .successResponse, !transaction.isAsymmetric else { return }
    lastSuccess = (frame, time)
    if transaction.facts.nominates, nominatedFrame == nil {
      nominatedFrame = transaction.requestFrames.first
    }
  }

  /// Whether both summaries have the same addresses, transport and counts.
  public static func == (left: PairSummary, right: PairSummary) -> Bool {
    left.client == right.client && left.server == right.server && left.relay == right.relay
      && left.isTCP == right.isTCP && left.transactionCount == right.transactionCount
      && left.sentCount == right.sentCount && left.answeredCount == right.answeredCount
      && left.lastResponseFrame == right.lastResponseFrame
  }

  /// Hashes the addresses.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(client)
    hasher.combine(server)
    hasher.combine(relay)
  }
}
