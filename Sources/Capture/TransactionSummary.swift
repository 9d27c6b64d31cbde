public import STUNCodec
public import TransportAddress

/// What a capture shows of one transaction: when it was asked, how often, and what came back.
public struct TransactionSummary: Hashable, Sendable {
  public let id: TransactionID
  public let method: STUNMethod
  public let client: TransportAddress
  public let server: TransportAddress
  /// The frames of the request and of each time it was sent again.
  public internal(set) var requestFrames: [Int]
  public internal(set) var requestTimes: [Int64]
  public internal(set) var responseFrame: Int?
  public internal(set) var responseTime: Int64?
  public internal(set) var responseClass: MessageClass?
  public internal(set) var errorCode: ErrorCode?
  /// Whether a request came again with other bytes, which nobody may do (pitfall 12).
  public internal(set) var hasChanged = false

  public var retransmissionCount: Int { requestFrames.count - 1 }

  /// From the request to its answer in nanoseconds; nil when it was sent more than once, for then
  /// nobody knows which one was answered.
  public var roundTripTime: Int64? {
    guard requestTimes.count == 1, let responseTime else { return nil }
    return responseTime &- requestTimes[0]
  }

  /// The transactions of a capture, in the order in which they began.
  public static func transactions(in messages: [CapturedMessage]) -> [TransactionSummary] {
    struct Key: Hashable {
      let id: TransactionID
      let method: STUNMethod
      let client: TransportAddress
    }
    var summaries: [TransactionSummary] = []
    var places: [Key: Int] = [:]
    var requests: [Key: [UInt8]] = [:]
    for captured in messages {
      // What an error quotes was seen before, or somewhere else.
      guard case .message(let message) = captured.content, captured.transport != .quoted else {
        continue
      }
      let type = message.type
      switch type.class {
      case .request:
        let key = Key(
          id: message.transactionID, method: type.method, client: captured.source)
        if let place = places[key] {
          summaries[place].requestFrames.append(captured.frameNumber)
          summaries[place].requestTimes.append(captured.time)
          if requests[key] != captured.bytes { summaries[place].hasChanged = true }
        } else {
          places[key] = summaries.count
          requests[key] = captured.bytes
          summaries.append(
            TransactionSummary(
              id: key.id, method: key.method, client: captured.source,
              server: captured.destination, requestFrames: [captured.frameNumber],
              requestTimes: [captured.time]))
        }
      case .successResponse, .errorResponse:
        let key = Key(
          id: message.transactionID, method: type.method, client: captured.destination)
        // The first answer counts; the server gives the same one to each retransmission.
        guard let place = places[key], summaries[place].responseFrame == nil else { continue }
        summaries[place].responseFrame = captured.frameNumber
        summaries[place].responseTime = captured.time
        summaries[place].responseClass = type.class
        summaries[place].errorCode = try? message.errorCode
      case .indication: continue
      }
    }
    return summaries
  }
}
