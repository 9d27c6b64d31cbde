import STUN
import Testing

@testable import Answer

@Suite struct RetransmissionScheduleChecks {
  @Test("The first send is at once")
  func first() {
    for rto in [100, 500, 3000] {
      #expect(
        sendTimes(rto: rto, sendCount: 1) == [0],
        "A request that is sent once is sent at time 0.")
    }
  }

  @Test("It is sent as often as asked")
  func count() {
    for count in 1...7 {
      #expect(
        sendTimes(rto: 500, sendCount: count).count == count, "Rc counts the first send too.")
    }
  }

  @Test("Each wait is twice the one before it")
  func doubling() {
    #expect(
      sendTimes(rto: 500, sendCount: 7) == [0, 500, 1500, 3500, 7500, 15500, 31500],
      "The waits are 500, 1000, 2000 and so on; the times are their sums.")
    #expect(
      sendTimes(rto: 100, sendCount: 4) == [0, 100, 300, 700],
      "With an RTO of 100 ms the waits are 100, 200 and 400.")
  }

  @Test("The last wait is Rm times the RTO, not another doubling")
  func failure() {
    #expect(
      failureTime(rto: 500, sendCount: 7, lastWaitFactor: 16) == 39500,
      "The last send is at 31500; 16 times 500 later, at 39500, the request has failed.")
    #expect(
      failureTime(rto: 100, sendCount: 3, lastWaitFactor: 16) == 1900,
      "The last send is at 300; 16 times 100 later is 1900.")
  }

  @Test("The library's own schedule agrees")
  func library() throws {
    for rto in [50, 500, 1000] {
      for count in 1...7 {
        let schedule = try RetransmissionSchedule(
          rto: .milliseconds(rto), sendCount: count, lastWaitFactor: 16)
        let times = (1...count).map { schedule.offset(ofSend: $0) / .milliseconds(1) }
        #expect(
          sendTimes(rto: rto, sendCount: count).map(Double.init) == times,
          "RTO \(rto), Rc \(count)")
        #expect(
          Double(failureTime(rto: rto, sendCount: count, lastWaitFactor: 16))
            == schedule.timeout / .milliseconds(1), "RTO \(rto), Rc \(count), Rm 16")
      }
    }
  }
}
