import Testing

@testable import Answer

@Suite struct ChooseTheKeepaliveChecks {
  @Test("One box is refreshed before it forgets")
  func one() {
    #expect(
      keepaliveInterval(timeouts: [30], losses: 0) == 29,
      "After 30 s the mapping is gone; after 29 s it is still there")
    #expect(
      keepaliveInterval(timeouts: [120], losses: 0) == 119, "This box forgets after 120 s")
  }

  @Test("The box that forgets first decides")
  func shortest() {
    #expect(
      keepaliveInterval(timeouts: [300, 60], losses: 0) == 59,
      "Her own box waits 300 s, the provider's only 60 s")
    #expect(
      keepaliveInterval(timeouts: [120, 30, 300], losses: 0) == 29,
      "Of three boxes the second is the least patient, with 30 s")
  }

  @Test("A keepalive that is lost does no harm")
  func lost() {
    #expect(
      keepaliveInterval(timeouts: [30], losses: 1) == 14,
      "If one is lost, two intervals pass: twice 14 are 28 s, twice 15 are 30 s")
    #expect(
      keepaliveInterval(timeouts: [120, 300], losses: 2) == 39,
      "If two are lost, three intervals pass: three times 39 are 117 s, three times 40 are 120 s")
  }
}
