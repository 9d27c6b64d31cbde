/// How a call went for one of its sides: what it has received, and how.
public struct MediaFigures: Hashable, Sendable {
  /// How many packets it has sent.
  public let sentCount: Int
  /// How many of the other's have come, each counted once.
  public let receivedCount: Int
  /// How many the other has sent, as far as their numbers tell.
  public let expectedCount: Int
  /// How many of those have not come.
  public let lostCount: Int
  /// How many have come again.
  public let duplicateCount: Int
  /// How many have come after one that was sent later.
  public let reorderedCount: Int
  /// How many have come too late to be played.
  public let lateCount: Int
  /// The interarrival jitter (RFC 3550 §6.4.1).
  public let jitter: Duration
  /// How long a packet and the answer to it take; nil before a report has answered one of this side's.
  public let roundTrip: Duration?
  /// How long packets were on their way; nil if none has come.
  public let delay: DelayFigures?
  /// The tone that was heard; nil if none stands out.
  public let tone: ToneMeasurement?
  /// What the other says of this side's packets; nil if it has said nothing.
  public let peerReport: ReportBlock?

  /// The part of the expected packets that has not come, 0 to 1.
  public var lossShare: Double {
    expectedCount == 0 ? 0 : Double(lostCount) / Double(expectedCount)
  }
}

/// How long packets were on their way, those that came.
public struct DelayFigures: Hashable, Sendable {
  /// The quickest packet's.
  public let least: Duration
  /// The mean.
  public let mean: Duration
  /// The slowest packet's.
  public let greatest: Duration
  /// Whether they count from the quickest packet's, which then is 0: two clocks that have never been
  /// compared know no more.
  public let isRelative: Bool
}

extension MediaFigures: CustomStringConvertible {
  /// Three lines: what came, how long that took, and what was heard.
  ///
  /// ```
  /// 148 of 150 packets came (1.3 % lost), 0 twice, 0 out of order, 1 too late to be played
  /// delay 21.4 ms (17.0 to 36.2 ms), jitter 2.1 ms, round trip 41.0 ms
  /// heard 440.0 Hz
  /// ```
  public var description: String { [packetWords, delayWords, toneWords].joined(separator: "\n") }

  /// What came: the first line of the description.
  public var packetWords: String {
    let thousandths = Int((lossShare * 1000).rounded())
    return "\(receivedCount) of \(expectedCount) packets came "
      + "(\(thousandths / 10).\(thousandths % 10) % lost), \(duplicateCount) twice, "
      + "\(reorderedCount) out of order, \(lateCount) too late to be played"
  }

  /// How long it took: the second line.
  public var delayWords: String {
    var parts: [String] = []
    if let delay {
      let (mean, least, greatest) = (
        delay.mean.milliseconds, delay.least.milliseconds.dropLast(3), delay.greatest.milliseconds
      )
      parts.append(
        delay.isRelative
          ? "delay up to \(greatest) above the least, on average \(mean)"
          : "delay \(mean) (\(least) to \(greatest))")
    }
    parts.append("jitter \(jitter.milliseconds)")
    parts.append(roundTrip.map { "round trip \($0.milliseconds)" } ?? "no round trip measured")
    return parts.joined(separator: ", ")
  }

  /// What was heard: the third line.
  public var toneWords: String { tone.map { "heard \($0)" } ?? "heard no tone" }
}
