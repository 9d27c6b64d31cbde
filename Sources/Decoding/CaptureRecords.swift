import Capture
import STUNCodec
import TransportAddress

/// A transaction in the JSON form.
public struct TransactionRecord: Sendable, Encodable {
  var transactionID: String
  var method: String
  var client: String
  var server: String
  var relay: String?
  var requestFrames: [Int]
  /// When each was sent, in seconds since the capture's first message.
  var requestSeconds: [Double]
  var duplicateFrames: [Int]?
  var responseFrame: Int?
  var responseSeconds: Double?
  var responseSource: String?
  var outcome: String
  var retransmissions: Int
  /// Nil if the request was sent more than once, because it is unknown which one was answered.
  var roundTripSeconds: Double?
  var hasChanged: Bool
  var icmpErrors: [ICMPRecord]?
  var nominates: Bool?

  struct ICMPRecord: Sendable, Encodable {
    var frame: Int
    var reporter: String
    var meaning: String
  }

  init(_ summary: TransactionSummary, _ timeLine: TimeLine) {
    let seconds = { (time: Int64) in Double(time &- timeLine.start) / 1e9 }
    transactionID = summary.id.description
    method = summary.methodName
    client = summary.client.description
    server = summary.server.description
    relay = summary.relay?.description
    requestFrames = summary.requestFrames
    requestSeconds = summary.requestTimes.map(seconds)
    duplicateFrames = summary.duplicateFrames.isEmpty ? nil : summary.duplicateFrames
    responseFrame = summary.responseFrame
    responseSeconds = summary.responseTime.map(seconds)
    responseSource = summary.responseSource?.description
    outcome = summary.outcome
    retransmissions = summary.retransmissionCount
    roundTripSeconds = summary.roundTripTime.map { Double($0) / 1e9 }
    hasChanged = summary.hasChanged
    icmpErrors =
      summary.icmpErrors.isEmpty
      ? nil
      : summary.icmpErrors.map {
        ICMPRecord(frame: $0.frame, reporter: "\($0.reporter)", meaning: $0.meaning)
      }
    nominates = summary.facts.nominates ? true : nil
  }
}

extension TransactionSummary {
  /// `success`, an error's code and name, `no answer`, or that the capture ends too soon.
  var outcome: String {
    switch responseClass {
    case .successResponse: "success"
    case .errorResponse: errorCode.map { "\($0)" } ?? "error"
    default:
      endsWithCapture ? "the capture ends before an answer could come" : "no answer"
    }
  }
}

/// The summary in the JSON form.
struct SummaryRecord: Encodable {
  struct Counts: Encodable {
    var transactions, succeeded, refused, unanswered, cutOff, withoutRequest: Int
  }

  struct Pair: Encodable {
    var client: String
    var server: String
    var relay: String?
    var transport: String
    var methods: [String]
    var transactions: Int
    var sent: Int
    var answered: Int
    var unanswered: Int
    var shortestRoundTripSeconds: Double?
    var longestRoundTripSeconds: Double?
    var isCheck: Bool
    var nominatedFrame: Int?
    var lastResponseFrame: Int?
    var lastResponseSeconds: Double?
    var errorCodes: [UInt16]
    var icmpErrors: [String: [Int]]
  }

  struct Allocation: Encodable {
    struct Refusal: Encodable {
      var method: String
      var code: UInt16
      var frame: Int
    }

    struct Channel: Encodable {
      var channel: UInt16
      var peer: String
    }

    var client: String
    var server: String
    var state: String
    var relayedAddress: String?
    var mappedAddress: String?
    var lifetime: UInt32?
    var frame: Int?
    var refreshedFrame: Int?
    var permissions: [String]
    var channels: [Channel]
    var refusals: [Refusal]
    var sent: Int
    var received: Int
  }

  struct Finding: Encodable {
    var kind: String
    var message: String
    var frames: [Int]
  }

  var counts: Counts
  var errorCodes: [String: Int]
  var pairs: [Pair]
  var allocations: [Allocation]
  var conclusions: [Finding]
  var hasFailed: Bool

  init(_ summary: CaptureSummary) {
    let report = summary.report
    let start = summary.timeLine.start
    let seconds = { (time: Int64) in Double(time &- start) / 1e9 }
    counts = Counts(
      transactions: report.counts.transactions, succeeded: report.counts.succeeded,
      refused: report.counts.refused, unanswered: report.counts.unanswered,
      cutOff: report.counts.cutOff, withoutRequest: report.counts.withoutRequest)
    errorCodes = Dictionary(
      report.errorCodes.map { ("\($0.code.rawValue)", $0.count) }, uniquingKeysWith: +)
    pairs = report.pairs.map { pair in
      Pair(
        client: "\(pair.client)", server: "\(pair.server)", relay: pair.relay.map { "\($0)" },
        transport: pair.isTCP ? "TCP" : "UDP", methods: pair.methods,
        transactions: pair.transactionCount, sent: pair.sentCount, answered: pair.answeredCount,
        unanswered: pair.unansweredCount,
        shortestRoundTripSeconds: pair.roundTrips.map { Double($0.lowerBound) / 1e9 },
        longestRoundTripSeconds: pair.roundTrips.map { Double($0.upperBound) / 1e9 },
        isCheck: pair.isCheck, nominatedFrame: pair.nominatedFrame,
        lastResponseFrame: pair.lastResponseFrame,
        lastResponseSeconds: pair.lastResponseTime.map(seconds), errorCodes: pair.errorCodes,
        icmpErrors: pair.icmpErrors)
    }
    allocations = report.allocations.map { allocation in
      let state =
        switch allocation.end {
        case .notMade: "not made"
        case .open: "open"
        case .deleted: "deleted"
        }
      return Allocation(
        client: "\(allocation.client)", server: "\(allocation.server)", state: state,
        relayedAddress: allocation.relayedAddress.map { "\($0)" },
        mappedAddress: allocation.mappedAddress.map { "\($0)" }, lifetime: allocation.lifetime,
        frame: allocation.madeFrame, refreshedFrame: allocation.refreshedFrame,
        permissions: allocation.permissions.map { "\($0)" },
        channels: allocation.channels.sorted { $0.key.rawValue < $1.key.rawValue }.map {
          Allocation.Channel(channel: $0.key.rawValue, peer: "\($0.value)")
        },
        refusals: allocation.refusals.map {
          Allocation.Refusal(method: $0.methodName, code: $0.code.rawValue, frame: $0.frame)
        }, sent: allocation.sentCount, received: allocation.receivedCount)
    }
    conclusions = report.conclusions.map {
      Finding(kind: $0.kind.rawValue, message: $0.message, frames: $0.frames)
    }
    hasFailed = report.hasFailed
  }
}

extension CaptureSummary: Encodable {
  private struct Gap: Encodable {
    var frame: Int
    var source: String
    var destination: String
    var missingBytes: Int
    var skippedBytes: Int
  }

  private enum CodingKeys: String, CodingKey {
    case transactions, summary, gaps, messageCount, frames, unreadFrames, unread, tornEnd
  }

  /// Encodes the report with the keys of `docs/json.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(
      transactions.map { TransactionRecord($0, timeLine) }, forKey: .transactions)
    try container.encode(SummaryRecord(self), forKey: .summary)
    try container.encode(
      gaps.map {
        Gap(
          frame: $0.frameNumber, source: "\($0.source)", destination: "\($0.destination)",
          missingBytes: $0.missingByteCount, skippedBytes: $0.skippedByteCount)
      }, forKey: .gaps)
    try container.encode(messageCount, forKey: .messageCount)
    try container.encode(frameCount, forKey: .frames)
    try container.encode(unreadFrameCount, forKey: .unreadFrames)
    try container.encode(
      Dictionary(unread.map { ("\($0.key)", $0.value) }, uniquingKeysWith: +), forKey: .unread)
    try container.encodeIfPresent(tornEnd, forKey: .tornEnd)
  }
}
