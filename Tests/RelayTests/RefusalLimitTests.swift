import Relay
import SansIO
import Testing

/// The limit of a log that users could fill.
@Suite struct RefusalLimitTests {
  @Test("Some refusals are reported at once, of the others the number")
  func burst() {
    var limit = RefusalLimit()
    let admitted = (0..<1000).count { _ in limit.admits(at: .seconds(5)) }
    #expect(admitted == RefusalLimit.burst)
    #expect(limit.takeLeftOut() == 1000 - RefusalLimit.burst)
    #expect(limit.takeLeftOut() == nil)
  }

  @Test("In the long run one is reported in each interval")
  func longRun() {
    var limit = RefusalLimit()
    var now = Instant.zero
    var admitted = 0
    // Ten minutes, with a refusal in each millisecond.
    for _ in 0..<600_000 {
      if limit.admits(at: now) { admitted += 1 }
      now = now.advanced(by: .milliseconds(1))
    }
    let most = RefusalLimit.burst + 600_000 / 200
    #expect((most - 1...most).contains(admitted))
    #expect(limit.takeLeftOut() == 600_000 - admitted)
  }

  @Test("Who refuses little leaves nothing out")
  func calm() {
    var limit = RefusalLimit()
    let admitted = (0..<1000 as Range<Int64>).count { limit.admits(at: .seconds($0)) }
    #expect(admitted == 1000)
    #expect(limit.takeLeftOut() == nil)
  }
}
