import Media
import SansIO
import Testing

@Suite struct ReceptionStatisticsTests {
  private func statistics(_ numbers: [UInt16]) -> ReceptionStatistics {
    var statistics = ReceptionStatistics()
    for number in numbers { _ = statistics.received(number) }
    return statistics
  }

  private func expect(
    _ number: UInt16, in statistics: inout ReceptionStatistics, is place: ReceptionStatistics.Place,
    at location: SourceLocation = #_sourceLocation
  ) {
    let found = statistics.received(number)
    #expect(found == place, sourceLocation: location)
  }

  @Test("Numbers that are missing are lost, also over the end of the 16 bits")
  func loss() {
    let statistics = statistics([65_533, 65_535, 0, 3])
    #expect(statistics.expectedCount == 7 && statistics.receivedCount == 4)
    #expect(statistics.lostCount == 3 && statistics.highestSequenceNumber == 0x1_0003)
  }

  @Test("A packet that comes again is counted once, and so is one that comes late")
  func duplicates() {
    let statistics = statistics([10, 12, 12, 11, 11, 10, 13])
    #expect(statistics.receivedCount == 4 && statistics.lostCount == 0)
    #expect(statistics.duplicateCount == 3 && statistics.reorderedCount == 1)
  }

  @Test("One that was overtaken by the first belongs to what is expected")
  func before() {
    let statistics = statistics([0, 65_535, 1])
    #expect(statistics.expectedCount == 3 && statistics.lostCount == 0)
    #expect(statistics.highestSequenceNumber == 1)
  }

  @Test(
    "A number too far away is a jump, and two in a row are a new beginning in which nothing is lost",
    arguments: [3002, 20_000, 65_437] as [UInt16])
  func jump(_ far: UInt16) {
    var statistics = statistics([1])
    expect(far, in: &statistics, is: .jump)
    expect(2, in: &statistics, is: .new(2))
    expect(far, in: &statistics, is: .jump)
    expect(far + 1, in: &statistics, is: .new(65_536 + Int64(far) + 1))
    #expect(statistics.lostCount == 0 && statistics.receivedCount == 3)
    // What was overtaken then belongs to the new ones.
    expect(far - 1, in: &statistics, is: .new(65_536 + Int64(far) - 1))
    #expect(statistics.lostCount == 1 && statistics.reorderedCount == 1)
  }

  @Test("Steps up to the limits of RFC 3550 A.1 are no jumps")
  func limits() {
    var statistics = statistics([200])
    expect(101, in: &statistics, is: .new(101))
    expect(3199, in: &statistics, is: .new(3199))
    expect(99 + 3000, in: &statistics, is: .jump)
  }

  @Test("A copy is known among the last hundred numbers after any step")
  func window() {
    for step in 1...99 as ClosedRange<UInt16> {
      var statistics = statistics([1000, 1000 + step])
      expect(1000, in: &statistics, is: .duplicate)
      if step > 1 { expect(1001, in: &statistics, is: .new(1001)) }
    }
  }

  @Test("The jitter goes a sixteenth of the way to each new difference, in whatever direction")
  func jitter() {
    var statistics = ReceptionStatistics()
    statistics.came(.milliseconds(100))
    #expect(statistics.jitter == .zero)
    statistics.came(.milliseconds(116))
    #expect(statistics.jitter == .milliseconds(1))
    statistics.came(.milliseconds(99))
    // 1 ms + (17 ms − 1 ms) / 16
    #expect(statistics.jitter == .milliseconds(2))
    for _ in 0..<1000 {
      statistics.came(.milliseconds(100))
      statistics.came(.milliseconds(108))
    }
    #expect(abs((statistics.jitter - .milliseconds(8)).wholeNanoseconds) < 1000)
  }

  @Test("A report has the loss since the one before, and all of it; copies make up for losses")
  func report() {
    var statistics = statistics([1, 2, 4, 5])
    var block = statistics.report(of: 7)
    #expect(block.source == 7 && block.highestSequenceNumber == 5)
    #expect(block.fractionLost == 51 && block.cumulativeLost == 1)
    for number in [6, 7, 8, 8, 8] as [UInt16] { _ = statistics.received(number) }
    block = statistics.report(of: 7)
    // Three were expected and five came (RFC 3550 A.3).
    #expect(block.fractionLost == 0 && block.cumulativeLost == -1)
  }

  @Test("Any transit whatever is taken")
  func extremes() {
    var statistics = ReceptionStatistics()
    for transit in [Int64.min, .max, 0, .min, .max] { statistics.came(.nanoseconds(transit)) }
    #expect(statistics.jitter <= .seconds(120))
  }
}
