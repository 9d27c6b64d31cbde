public import Capture
public import TransportAddress

/// Which messages of a capture are shown.
public struct DecodingSelection: Sendable {
  /// Only messages that end in one of these frames; empty for all.
  public var frames: Set<Int>
  /// Only what one of these addresses sent, got or was meant by; empty for all.
  public var hosts: Set<IPAddress>

  /// A selection of these frames and hosts.
  public init(frames: Set<Int> = [], hosts: Set<IPAddress> = []) {
    self.frames = frames
    self.hosts = hosts
  }

  /// Whether everything is shown.
  public var isEverything: Bool { frames.isEmpty && hosts.isEmpty }

  func includes(_ message: CapturedMessage) -> Bool {
    (frames.isEmpty || frames.contains(message.frameNumber))
      && includes([message.source, message.destination])
  }

  func includes(_ transaction: TransactionSummary) -> Bool {
    guard frames.isEmpty else {
      let seen =
        transaction.requestFrames + transaction.duplicateFrames
        + [transaction.responseFrame].compactMap { $0 } + transaction.icmpErrors.map(\.frame)
      return seen.contains { frames.contains($0) }
    }
    return includes(
      [transaction.client, transaction.server, transaction.relay, transaction.responseSource]
        .compactMap { $0 })
  }

  func includes(_ run: TransactionTracker.Run) -> Bool {
    guard frames.isEmpty else {
      return frames.contains { (run.firstFrame...run.lastFrame).contains($0) }
    }
    return includes([run.client, run.relay, run.peer].compactMap { $0 })
  }

  func includes(_ addresses: [TransportAddress]) -> Bool {
    hosts.isEmpty || addresses.contains { hosts.contains($0.address) }
  }
}

/// Decodes a capture as its frames are read, and sums it up at the end.
///
/// It keeps the transactions and no message: what it gives out it forgets.
public struct CaptureDecoder: Sendable {
  private var finder = MessageFinder()
  private var tracker = TransactionTracker()
  private var timeLine = TimeLine()
  private var keys: KeyRing
  private let selection: DecodingSelection
  private var messageCount = 0
  private var hasProblems = false
  private var gaps: [StreamGap] = []
  private static let mostGaps = 1000

  /// A decoder that tries these keys and shows this selection.
  public init(keys: KeyRing, selection: DecodingSelection = DecodingSelection()) {
    self.keys = keys
    self.selection = selection
  }

  /// The messages that a frame completes, as far as they are selected.
  public mutating func decode(_ frame: CapturedFrame) -> [DecodedMessage] {
    let events = finder.events(in: frame)
    tracker.frameObserved(at: frame.time)
    return take(events) { message, timeLine, keys in DecodedMessage(message, timeLine, &keys) }
  }

  /// Takes a frame for the summary alone.
  public mutating func read(_ frame: CapturedFrame) {
    let events = finder.events(in: frame)
    tracker.frameObserved(at: frame.time)
    _ = take(events) { _, _, _ in nil }
  }

  /// The messages that only the capture's end brings to light.
  public mutating func finish() -> [DecodedMessage] {
    take(finder.finish()) { message, timeLine, keys in DecodedMessage(message, timeLine, &keys) }
  }

  private mutating func take(
    _ events: [CaptureEvent],
    _ decode: (CapturedMessage, TimeLine, inout KeyRing) -> DecodedMessage?
  ) -> [DecodedMessage] {
    var messages: [DecodedMessage] = []
    for event in events {
      switch event {
      case .message(let message):
        timeLine.observed(message.time)
        tracker.observed(message)
        messageCount += 1
        guard selection.includes(message) else { continue }
        if let decoded = decode(message, timeLine, &keys) {
          hasProblems = hasProblems || decoded.hasProblems
          messages.append(decoded)
        }
      case .icmpError(let error): tracker.observed(error)
      case .gap(let gap):
        guard selection.includes([gap.source, gap.destination]) else { continue }
        if gaps.count < Self.mostGaps { gaps.append(gap) }
      }
    }
    return messages
  }

  /// The sum of what was read; nothing may be read after it.
  ///
  /// - Parameter tornEnd: what is wrong with the capture's end, where the rest could be read.
  public mutating func summary(tornEnd: String? = nil) -> CaptureSummary {
    tracker.captureEnded()
    let isEverything = selection.isEverything
    let transactions =
      isEverything ? tracker.transactions : tracker.transactions.filter(selection.includes)
    let runs = isEverything ? tracker.runs : tracker.runs.filter(selection.includes)
    return CaptureSummary(
      transactions: transactions, runs: runs, report: CaptureReport(transactions, runs),
      gaps: gaps, messageCount: messageCount, frameCount: finder.frameCount,
      unreadFrameCount: finder.unreadFrameCount, unread: finder.unread, tornEnd: tornEnd,
      hasProblems: hasProblems || tornEnd != nil, timeLine: timeLine)
  }
}

/// What a capture holds, without its messages.
public struct CaptureSummary: Sendable {
  /// The transactions that were selected, in the order in which they began.
  public let transactions: [TransactionSummary]
  /// Runs of data through relays.
  public let runs: [TransactionTracker.Run]
  /// What they mean.
  public let report: CaptureReport
  /// Parts of TCP streams that could not be read, the first 1000.
  public let gaps: [StreamGap]
  /// How many messages were found, whether selected or not.
  public let messageCount: Int
  /// How many frames were read.
  public let frameCount: Int
  /// How many of them hold nothing that can be read here.
  public let unreadFrameCount: Int
  /// The same, by the reason.
  public let unread: [UnreadReason: Int]
  /// What is wrong with the capture's end, where the rest could be read.
  public let tornEnd: String?
  /// Whether a message that was decoded, or the capture itself, is not as it should be.
  public let hasProblems: Bool
  let timeLine: TimeLine
}

extension CaptureSummary {
  /// Whether a transaction failed, as `CaptureReport.hasFailed` has it.
  public var hasFailed: Bool { report.hasFailed }
}

/// What decoding one message has brought.
public struct Decoding: Sendable, Encodable {
  /// The message.
  public let messages: [DecodedMessage]
  /// None: a message alone is no transaction.
  public let transactions: [TransactionRecord] = []

  /// Decodes bytes that stand alone, and tries the keys on them; what is wrong is shown in it.
  public init(message bytes: [UInt8], keys: KeyRing) {
    var keys = keys
    messages = [DecodedMessage(bytes, &keys)]
  }

  /// Whether anything is not as it should be.
  public var hasProblems: Bool { messages.contains { $0.hasProblems } }
}
