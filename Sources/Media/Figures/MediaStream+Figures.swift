import SansIO

extension MediaStream {
  /// How it went by now; measuring the tone takes milliseconds.
  ///
  /// - Parameter clock: the other side's, if both have the same timeline; nil where delays can only be
  ///   compared with one another.
  /// - Complexity: O(*n*) in what is kept.
  public func figures(clock: SamplingClock? = nil) -> MediaFigures {
    MediaFigures(
      sentCount: sentCount, receivedCount: statistics.receivedCount,
      expectedCount: statistics.expectedCount, lostCount: statistics.lostCount,
      duplicateCount: statistics.duplicateCount, reorderedCount: statistics.reorderedCount,
      lateCount: lateCount, jitter: statistics.jitter, roundTrip: roundTrip,
      delay: delayFigures(clock), tone: ToneMeasurement(played), peerReport: peerReport)
  }

  /// How it goes so far: `148 of 150 packets have come, jitter 2.1 ms, round trip 41.0 ms`.
  ///
  /// - Complexity: O(1).
  public var progressWords: String {
    "\(statistics.receivedCount) of \(statistics.expectedCount) packets have come, jitter "
      + statistics.jitter.milliseconds
      + (roundTrip.map { ", round trip \($0.milliseconds)" } ?? "")
  }

  /// Each packet's delay, and which are lost, as a picture.
  ///
  /// - Parameter clock: as of ``figures(clock:)``.
  /// - Complexity: O(*n* log *n*) in the packets that are kept.
  public func delayPlot(clock: SamplingClock? = nil) -> DelayPlot {
    let arrivals = arrivals.sorted { $0.number < $1.number }
    let delays = delays(of: arrivals, clock)
    var last: Int64?
    var points: [DelayPlot.Point] = []
    for (arrival, delay) in zip(arrivals, delays) {
      let step = last.map { Int(arrival.number - $0) } ?? 1
      // Where a source began anew there is a gap in its numbers, and nothing was lost.
      if step < ReceptionStatistics.dropoutLimit {
        for _ in 1..<step { points.append(.init(delay: nil, isLate: false)) }
      }
      last = arrival.number
      points.append(.init(delay: delay, isLate: arrival.isLate))
      guard points.count < arrivalLimit else { break }
    }
    return DelayPlot(points, isRelative: clock == nil)
  }

  private func delayFigures(_ clock: SamplingClock?) -> DelayFigures? {
    let delays = delays(of: arrivals, clock)
    guard let least = delays.min(), let greatest = delays.max() else { return nil }
    return DelayFigures(
      least: least, mean: delays.reduce(.zero, +) / delays.count, greatest: greatest,
      isRelative: clock == nil)
  }

  /// How long packets were on their way, in the order of the arrivals.
  private func delays(of arrivals: [PacketArrival], _ clock: SamplingClock?) -> [Duration] {
    let transits = arrivals.map { arrival in
      arrival.time.nanoseconds &- arrival.place &* PacketArrival.sampleNanoseconds
    }
    let origin: Int64
    if let clock, let firstTimestamp = playout.firstTimestamp {
      let offset = Int64(Int32(bitPattern: firstTimestamp &- clock.timestamp))
      origin = clock.time.nanoseconds + offset * PacketArrival.sampleNanoseconds
    } else {
      origin = transits.min() ?? 0
    }
    return transits.map { .nanoseconds($0 &- origin) }
  }
}
