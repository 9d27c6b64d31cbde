import Testing
import TransportAddress

@testable import Answer

@Suite struct IsItAdmittedChecks {
  @Test("A peer that Alice has asked for is admitted")
  func asked() {
    #expect(
      isAdmitted(from: "198.51.100.2:5000", at: 10, requests: [("198.51.100.2:5000", 0)]) == true,
      "She has asked for this very endpoint, 10 s ago")
  }

  @Test("A stranger is not admitted")
  func stranger() {
    #expect(
      isAdmitted(from: "192.0.2.66:5000", at: 10, requests: [("198.51.100.2:5000", 0)]) == false,
      "She has asked for another address")
    #expect(
      isAdmitted(from: "192.0.2.66:5000", at: 10, requests: []) == false,
      "She has asked for nobody")
  }

  @Test("A permission is for an address, whatever the port")
  func port() {
    #expect(
      isAdmitted(from: "198.51.100.2:62568", at: 10, requests: [("198.51.100.2:5000", 0)]) == true,
      "The address is the one that she has asked for, the port is another")
  }

  @Test("A permission is over after 300 s")
  func expired() {
    #expect(
      isAdmitted(from: "198.51.100.2:5000", at: 299, requests: [("198.51.100.2:5000", 0)]) == true,
      "299 s have passed since she asked")
    #expect(
      isAdmitted(from: "198.51.100.2:5000", at: 300, requests: [("198.51.100.2:5000", 0)]) == false,
      "300 s have passed since she asked")
  }

  @Test("Who asks again renews it")
  func renewed() {
    #expect(
      isAdmitted(
        from: "198.51.100.2:5000", at: 400,
        requests: [("198.51.100.2:5000", 0), ("198.51.100.2:5000", 240)]) == true,
      "The first permission is over, and the second still there")
    #expect(
      isAdmitted(
        from: "198.51.100.2:5000", at: 400,
        requests: [("198.51.100.2:5000", 240), ("198.51.100.2:5000", 0)]) == true,
      "The requests may be in any order: of these the older one stands last")
  }
}
