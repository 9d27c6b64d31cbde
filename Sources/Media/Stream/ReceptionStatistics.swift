import SansIO

/// What a receiver counts of one source's packets (RFC 3550 §6.4.1, A.1, A.3, A.8).
///
/// Unlike in A.1, a source counts from its first packet on: ICE has checked where it comes from.
public struct ReceptionStatistics: Hashable, Sendable {
  /// What a packet is among the others.
  public enum Place: Hashable, Sendable {
    /// It is new; its number counts rounds of 2¹⁶.
    case new(Int64)
    /// It came before.
    case duplicate
    /// Its number is too far from the others', and it is not counted.
    case jump
  }

  /// How many packets have come, each counted once.
  public private(set) var receivedCount = 0
  /// How many have come again.
  public private(set) var duplicateCount = 0
  /// How many have come after one with a higher number.
  public private(set) var reorderedCount = 0

  /// The lowest and the highest number since the last new beginning; nil before the first packet.
  private var range: ClosedRange<Int64>?
  /// How many packets were sent before that.
  private var expectedBefore = 0
  /// Which of the 128 numbers up to the highest have come, the highest first.
  private var recent: UInt128 = 0
  /// The number that would follow a jump: two packets in a row make a new beginning.
  private var afterJump: UInt16?
  /// How much later than its timestamp the last packet came, in nanoseconds.
  private var lastTransit: Int64?
  /// Sixteen times the jitter, in nanoseconds.
  private var jitterSum: Int64 = 0
  private var expectedAtReport = 0
  private var receivedAtReport = 0

  /// A step ahead that is as long as this is a new beginning, not a loss (RFC 3550 A.1, MAX_DROPOUT).
  static let dropoutLimit = 3000
  /// So is a step back (RFC 3550 A.1, MAX_MISORDER).
  private static let misorderLimit = 100

  /// Nothing has come.
  public init() {}

  /// How many packets were sent, as far as their numbers tell: from the lowest to the highest.
  public var expectedCount: Int {
    expectedBefore + (range.map { Int($0.upperBound - $0.lowerBound) + 1 } ?? 0)
  }

  /// How many of them have not come.
  public var lostCount: Int { expectedCount - receivedCount }

  /// The highest sequence number, with its rounds in the upper 16 bits; 0 before the first packet.
  public var highestSequenceNumber: UInt32 {
    UInt32(truncatingIfNeeded: range?.upperBound ?? 0)
  }

  /// How much the packets' delays differ from one to the next, smoothed over sixteen (RFC 3550 §6.4.1).
  public var jitter: Duration { .nanoseconds(jitterSum >> 4) }

  /// A packet has come.
  ///
  /// - Complexity: O(1); allocates nothing.
  public mutating func received(_ sequenceNumber: UInt16) -> Place {
    guard let range else {
      (range, recent) = (Int64(sequenceNumber)...Int64(sequenceNumber), 1)
      receivedCount = 1
      return .new(Int64(sequenceNumber))
    }
    let highest = UInt16(truncatingIfNeeded: range.upperBound)
    let step = Int(Int16(bitPattern: sequenceNumber &- highest))
    let number = range.upperBound + Int64(step)
    switch step {
    case 1..<Self.dropoutLimit:
      recent = step < 128 ? recent << step | 1 : 1
      self.range = range.lowerBound...number
    case (1 - Self.misorderLimit)...0:
      guard recent >> -step & 1 == 0 else {
        duplicateCount += 1
        return .duplicate
      }
      recent |= 1 << -step
      reorderedCount += 1
      if number < range.lowerBound { self.range = number...range.upperBound }
    default:
      guard sequenceNumber == afterJump else {
        afterJump = sequenceNumber &+ 1
        return .jump
      }
      // The numbers begin anew: nothing is lost between the old ones and the new.
      let round = (range.upperBound >> 16 + 1) << 16 + Int64(sequenceNumber)
      expectedBefore = expectedCount
      self.range = round...round
      recent = 1
      lastTransit = nil
      afterJump = nil
      receivedCount += 1
      return .new(round)
    }
    afterJump = nil
    receivedCount += 1
    return .new(number)
  }

  /// The new packet came so long after its samples were taken, on a clock of the receiver's.
  ///
  /// - Complexity: O(1); allocates nothing.
  public mutating func came(_ transit: Duration) {
    let transit = transit.wholeNanoseconds
    if let lastTransit {
      // A peer may say any time: nothing overflows, and its jitter ends at two minutes.
      let difference = min((transit &- lastTransit).magnitude, 120_000_000_000)
      jitterSum += Int64(difference) - (jitterSum + 8) >> 4
    }
    lastTransit = transit
  }

  /// What a report says of them; the next one's `fractionLost` counts from here.
  public mutating func report(of source: UInt32) -> ReportBlock {
    let (expected, received) = (expectedCount, receivedCount + duplicateCount)
    let (newlyExpected, newlyReceived) = (
      expected - expectedAtReport, received - receivedAtReport
    )
    (expectedAtReport, receivedAtReport) = (expected, received)
    let newlyLost = newlyExpected - newlyReceived
    let fraction = newlyExpected <= 0 || newlyLost <= 0 ? 0 : newlyLost * 256 / newlyExpected
    return ReportBlock(
      source: source, fractionLost: UInt8(min(255, fraction)),
      cumulativeLost: Int32(max(-1 << 23, min(1 << 23 - 1, expected - received))),
      highestSequenceNumber: highestSequenceNumber,
      jitter: UInt32(truncatingIfNeeded: (jitterSum >> 4) * Int64(PCMU.rate) / 1_000_000_000))
  }
}
