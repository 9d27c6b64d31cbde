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
  func lastWait() throws {
    let schedule = try RetransmissionSchedule(
      rto: .milliseconds(100), sendCount: 3, lastWaitFactor: 16)
    #expect(
      (1...3).map { schedule.wait(afterSend: $0) }
        == [.milliseconds(100), .milliseconds(200), .milliseconds(1600)])
  }

  @Test(
    "Numbers that make no sense are thrown back",
    arguments: [
      (rto: .zero, sends: 7, factor: 16, error: .rtoOutOfRange(.zero)),
      (.milliseconds(60_001), 7, 16, .rtoOutOfRange(.milliseconds(60_001))),
      (.seconds(1), 0, 16, .sendCountOutOfRange(0)),
      (.seconds(1), 31, 16, .sendCountOutOfRange(31)),
      (.seconds(1), 7, 0, .lastWaitFactorOutOfRange(0)),
      (.seconds(1), 7, 1 << 20 + 1, .lastWaitFactorOutOfRange(1 << 20 + 1)),
    ] as [(rto: Duration, sends: Int, factor: Int, error: STUNConfigurationError)])
  func misuse(rto: Duration, sends: Int, factor: Int, error: STUNConfigurationError) {
    #expect(throws: error) {
      try RetransmissionSchedule(rto: rto, sendCount: sends, lastWaitFactor: factor)
    }
  }

  @Test("The least and the greatest numbers that make sense are taken")
  func extremes() throws {
    let least = try RetransmissionSchedule(rto: .milliseconds(1), sendCount: 1, lastWaitFactor: 1)
    #expect(least.timeout == .milliseconds(1))
    let greatest = try RetransmissionSchedule(
      rto: .seconds(60), sendCount: 30, lastWaitFactor: 1 << 20)
    #expect(greatest.timeout == .seconds(60) * ((1 << 29) - 1 + (1 << 20)))
  }
}
