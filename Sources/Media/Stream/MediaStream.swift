public import STUN
public import SansIO

/// A side of a call: it sends a tone as RTP, plays the other's, and both report by RTCP (RFC 3550).
///
/// ```
///             started          every 20 ms: a packet      stopped
///   silent ─────────────▶ sends ─────────────────────────▶ goodbye, and plays what is still to come
///                           │ about every second: a report
/// ```
/// Its driver sends what ``nextPacket(into:)`` writes over the selected pair, and hands on what came by it
/// and is no STUN. As on other packet paths there are no actions: the packet is written into a buffer that
/// is used again, and nothing is allocated for it. A report is.
public struct MediaStream: Sendable {
  /// How it sends and plays.
  public let configuration: MediaConfiguration
  /// What its source began with.
  public let start: RTPStart
  /// What was not taken, by its reason. What came twice or too late is counted in ``figures`` instead.
  public internal(set) var drops = DropCounts<MediaDiscard>()
  /// Whether the other side has said goodbye (RFC 3550 §6.6).
  public internal(set) var hasPeerLeft = false

  // The sender.
  private var startTime: Instant?
  private var stopTime: Instant?
  /// The time of the latest event, at which what is drained is sent.
  var now = Instant.zero
  /// How many packets' time has been used, with those that were skipped; and how many were sent.
  private var slotCount = 0
  private(set) var sentCount = 0
  private var isMarked = true
  private var nextReport: Instant?
  private var isReportDue = false
  private var isGoodbyeDue = false
  /// The tone's bytes, after which it begins anew: a second.
  private let sound: [UInt8]

  // The receiver.
  var peerSource: UInt32?
  var statistics = ReceptionStatistics()
  var playout: PlayoutBuffer
  var lateCount = 0
  var arrivals: [PacketArrival] = []
  let arrivalLimit: Int
  /// The last report of the peer's source, and when it came.
  var lastSenderReport: (time: UInt32, arrival: Instant)?
  /// What the peer says of this side's packets.
  var peerReport: ReportBlock?
  var roundTrip: Duration?

  /// A side that has not started.
  ///
  /// - Parameter start: drawn by chance, unless the run is to be the same again.
  /// - Complexity: O(1), of 8000 samples.
  public init(_ configuration: MediaConfiguration = .init(), from start: RTPStart) {
    self.configuration = configuration
    self.start = start
    let tone = configuration.tone
    let period = (0..<tone.period).map { PCMU.encode(tone.sample($0)) }
    sound = (0..<PCMU.rate).map { period[$0 % period.count] }
    playout = PlayoutBuffer(
      delay: configuration.playoutDelay, recordLimit: configuration.recordLimit)
    arrivalLimit = Int(configuration.recordLimit / MediaConfiguration.packetDuration)
  }

  // MARK: - Events

  /// There is a pair: the tone begins.
  public mutating func started(at now: Instant, using generator: inout some RandomNumberGenerator) {
    guard startTime == nil else { return }
    (self.now, startTime) = (now, now)
    // The first report comes after half of the usual time (RFC 3550 §6.2).
    setReport(after: configuration.reportInterval / 2, using: &generator)
  }

  /// The time that ``nextDeadline`` named has come.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    self.now = now
    playout.play(until: now)
    guard let due = nextReport, due <= now else { return }
    isReportDue = true
    setReport(after: configuration.reportInterval, using: &generator)
  }

  /// The tone is over; what the other sends is taken as before.
  public mutating func stopped(at now: Instant) {
    guard startTime != nil, stopTime == nil else { return }
    (self.now, stopTime, nextReport) = (now, now, nil)
    (isReportDue, isGoodbyeDue) = (false, true)
  }

  /// When `timerFired` is to be called; nil before the tone and after it.
  public var nextDeadline: Instant? {
    guard let startTime, stopTime == nil else { return nil }
    let packet = startTime.advanced(by: MediaConfiguration.packetDuration * slotCount)
    return nextReport.map { min($0, packet) } ?? packet
  }

  /// Plays what has come by now; for a side whose tone is over, and which has no deadlines.
  public mutating func played(until now: Instant) { playout.play(until: now) }

  private mutating func setReport(
    after interval: Duration, using generator: inout some RandomNumberGenerator
  ) {
    let half = interval / 2
    let nanoseconds = Int64.random(
      in: half.wholeNanoseconds...max(half, interval + half).wholeNanoseconds, using: &generator)
    nextReport = now.advanced(by: .nanoseconds(nanoseconds))
  }

  // MARK: - Sending

  /// Writes the next packet that is to be sent now; after each event until there is none.
  ///
  /// - Parameter buffer: what was in it is gone.
  /// - Returns: false if there is none, and the buffer is empty.
  /// - Complexity: O(1); of RTP, allocates nothing where the buffer has room.
  public mutating func nextPacket(into buffer: inout [UInt8]) -> Bool {
    buffer.removeAll(keepingCapacity: true)
    if isReportDue || isGoodbyeDue {
      writeReport(into: &buffer)
      (isReportDue, isGoodbyeDue) = (false, false)
      return true
    }
    guard let startTime, stopTime == nil else { return false }
    let elapsed = startTime.duration(to: now).wholeNanoseconds
    let dueCount = Int(elapsed / MediaConfiguration.packetDuration.wholeNanoseconds) + 1
    guard slotCount < dueCount else { return false }
    if dueCount - slotCount > Self.backlogLimit {
      // After a long pause of the driver's the peer has no use for all of it (RFC 3551 §4.1).
      slotCount = dueCount - 1
      isMarked = true
    }
    RTPHeader(
      sequenceNumber: start.sequenceNumber &+ UInt16(truncatingIfNeeded: sentCount),
      timestamp: timestamp(ofSample: slotCount * MediaConfiguration.packetSampleCount),
      source: start.source, hasMarker: isMarked
    ).append(to: &buffer)
    let first = slotCount * MediaConfiguration.packetSampleCount % PCMU.rate
    buffer += sound[first..<first + MediaConfiguration.packetSampleCount]
    slotCount += 1
    sentCount += 1
    isMarked = false
    return true
  }

  /// How many packets that are late are sent all the same: half a second.
  private static let backlogLimit = 25

  private func timestamp(ofSample index: Int) -> UInt32 {
    start.timestamp &+ UInt32(truncatingIfNeeded: index)
  }

  /// A report, who it is from, and whether that leaves (RFC 3550 §6.1).
  private mutating func writeReport(into buffer: inout [UInt8]) {
    var blocks: [ReportBlock] = []
    if let peerSource, statistics.expectedCount > 0 {
      var block = statistics.report(of: peerSource)
      if let (time, arrival) = lastSenderReport {
        block.lastSenderReport = time
        let delay = arrival.duration(to: now).wholeNanoseconds
        let second: Int64 = 1_000_000_000
        block.delaySinceLastSenderReport = UInt32(
          clamping: delay / second * 65_536 + delay % second * 65_536 / second)
      }
      blocks.append(block)
    }
    let source = start.source
    if let startTime, sentCount > 0 {
      let elapsed = startTime.duration(to: now).wholeNanoseconds
      let info = RTCPPacket.SenderInfo(
        time: NTPTime(now),
        timestamp: timestamp(ofSample: Int(elapsed / (1_000_000_000 / Int64(PCMU.rate)))),
        packetCount: UInt32(truncatingIfNeeded: sentCount),
        byteCount: UInt32(
          truncatingIfNeeded: sentCount * MediaConfiguration.packetSampleCount))
      RTCPPacket.senderReport(source: source, info, blocks).append(to: &buffer)
    } else {
      RTCPPacket.receiverReport(source: source, blocks).append(to: &buffer)
    }
    let name = configuration.canonicalName
    RTCPPacket.sourceDescription([.init(source: source, canonicalName: name.isEmpty ? nil : name)])
      .append(to: &buffer)
    if isGoodbyeDue { RTCPPacket.goodbye([source]).append(to: &buffer) }
  }

  /// When its samples were taken, for one that has the same clock; nil before the tone.
  public var samplingClock: SamplingClock? {
    startTime.map { SamplingClock(time: $0, timestamp: start.timestamp) }
  }

  /// What was played by now, from the first sample on: silence for what was missing.
  public var played: [Int16] { playout.played }
}

/// When the samples of a source were taken: the first one then, and 8000 a second.
public struct SamplingClock: Hashable, Sendable {
  /// When the first sample was taken.
  public let time: Instant
  /// Its timestamp.
  public let timestamp: UInt32
}
