import Glibc
import SansIO
import TestSupport
import Testing

@testable import Media

@Suite struct MediaAllocationTests {
  @Test("Sending a packet of RTP, reading it and taking it allocates nothing")
  func packets() async {
    await #expect(processExitsWith: .success) {
      var configuration = MediaConfiguration()
      // What is kept needs memory; a call that is longer than that does not.
      configuration.recordLimit = .milliseconds(20)
      configuration.reportInterval = .seconds(3600)
      var alice = MediaStream(
        configuration, from: RTPStart(source: 1, sequenceNumber: 0, timestamp: 0))
      var bob = MediaStream(
        configuration, from: RTPStart(source: 2, sequenceNumber: 0, timestamp: 0))
      var generator = SeededGenerator(seed: 1)
      var buffer: [UInt8] = []
      var time: Int64 = 0
      alice.started(at: .zero, using: &generator)
      withoutMemory {
        var count = 0
        while count < 20 {
          alice.timerFired(at: .milliseconds(time), using: &generator)
          while alice.nextPacket(into: &buffer) {
            count += 1
            bob.received(buffer.span, at: .milliseconds(time))
          }
          time += 20
        }
      }
      _exit(bob.statistics.receivedCount == 40 ? 0 : 1)
    }
  }
}
