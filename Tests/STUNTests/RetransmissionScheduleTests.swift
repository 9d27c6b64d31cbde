import STUN
import Testing

// Pitfall 11.
@Suite struct RetransmissionScheduleTests {
  @Test(
    "With 500 ms, Rc 7 and Rm 16 the sends fall where RFC 8489 §6.2.1 says, and it fails at 39.5 s")
  func standard() {
    let schedule = RetransmissionSchedule()
    #expect(
      (1...7).map { schedule.offset(ofSend: $0) }
        == [0, 500, 1500, 3500, 7500, 15500, 31500].map { .milliseconds($0) })
    #expect(schedule.timeout == .milliseconds(39_500))
  }

  @Test("The last wait is Rm × RTO, not another doubling")
  func lastWait() {
    let schedule = RetransmissionSchedule(
      rto: .milliseconds(100), sendCount: 3, lastWaitFactor: 16)
    #expect(
      (1...3).map { schedule.wait(afterSend: $0) }
        == [.milliseconds(100), .milliseconds(200), .milliseconds(1600)])
  }

  @Test("Numbers that make no sense are brought to ones that do")
  func clamped() {
    let schedule = RetransmissionSchedule(rto: .seconds(-1), sendCount: -5, lastWaitFactor: 0)
    #expect(schedule.timeout == .milliseconds(1))
    let endless = RetransmissionSchedule(
      rto: .seconds(Int64.max), sendCount: .max, lastWaitFactor: .max)
    #expect(endless.timeout > .seconds(1))
  }
}
