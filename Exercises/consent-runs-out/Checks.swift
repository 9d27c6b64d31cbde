import Testing

@testable import Answer

@Suite struct ConsentRunsOutChecks {
  @Test("Without a response it runs out after 30 seconds")
  func none() {
    #expect(
      endOfConsent(responses: [], callEnd: 600) == 30,
      "It was given in second 0, and nothing has renewed it")
  }

  @Test("Each response counts from when it came")
  func renewed() {
    #expect(
      endOfConsent(responses: [5, 10, 15], callEnd: 600) == 45,
      "The last response came in second 15, and 30 seconds later it is over")
  }

  @Test("As long as responses come, the call goes on")
  func goesOn() {
    #expect(
      endOfConsent(responses: [5, 10, 15, 20], callEnd: 40) == nil,
      "Consent would run out in second 50, and in second 40 Alice hangs up")
  }

  @Test("A few lost ones do no harm")
  func gap() {
    #expect(
      endOfConsent(responses: [5, 30, 35], callEnd: 60) == nil,
      "25 seconds without a response are less than 30")
  }

  @Test("A response that comes too late does not bring it back")
  func late() {
    #expect(
      endOfConsent(responses: [5, 36, 41], callEnd: 600) == 35,
      "It ran out in second 35. What comes in second 36 finds nobody that sends")
  }
}
