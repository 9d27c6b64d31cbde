public import SansIO

/// What a receiver says about the packets of one source (RFC 3550 §6.4.1).
///
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                            source                             |
///     | fraction lost |       cumulative number of packets lost       |
///     |           extended highest sequence number received           |
///     |                      interarrival jitter                      |
///     |                         last SR (LSR)                         |
///     |                   delay since last SR (DLSR)                  |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
public struct ReportBlock: Hashable, Sendable {
  /// Its size in bytes.
  public static let byteCount = 24

  /// Whose packets it is about.
  public var source: UInt32
  /// How many of 256 packets were lost since the report before.
  public var fractionLost: UInt8
  /// How many were lost since the beginning, −2²³ to 2²³ − 1; a packet that comes twice counts as one less.
  public var cumulativeLost: Int32
  /// The highest sequence number, with the number of its rounds in the upper 16 bits.
  public var highestSequenceNumber: UInt32
  /// The interarrival jitter, counted as timestamps are.
  public var jitter: UInt32
  /// The middle of the NTP time of the last sender report; 0 if none has come.
  public var lastSenderReport: UInt32
  /// How long ago that came, in 1/65 536 s.
  public var delaySinceLastSenderReport: UInt32

  /// A block with these fields.
  public init(
    source: UInt32, fractionLost: UInt8 = 0, cumulativeLost: Int32 = 0,
    highestSequenceNumber: UInt32 = 0, jitter: UInt32 = 0, lastSenderReport: UInt32 = 0,
    delaySinceLastSenderReport: UInt32 = 0
  ) {
    self.source = source
    self.fractionLost = fractionLost
    self.cumulativeLost = cumulativeLost
    self.highestSequenceNumber = highestSequenceNumber
    self.jitter = jitter
    self.lastSenderReport = lastSenderReport
    self.delaySinceLastSenderReport = delaySinceLastSenderReport
  }

  /// How long a packet and the answer to it take, for the sender whose report the block answers.
  ///
  /// ```
  ///   A   now, when the block has come   − LSR   when the report went   − DLSR   how long it lay there
  /// ```
  /// - Returns: nil if it answers no report, or says that it lay there for longer than it was away.
  public func roundTrip(at now: Instant) -> Duration? {
    guard lastSenderReport != 0 else { return nil }
    let away = NTPTime(now).middle &- lastSenderReport &- delaySinceLastSenderReport
    let ticks = Int64(Int32(bitPattern: away))
    // Each of the three is rounded down, which may make one of 0 a little less.
    guard ticks >= -2 else { return nil }
    return .nanoseconds(max(0, ticks) * 1_000_000_000 / 65_536)
  }
}
