import Testing
import TransportAddress

@testable import Answer

@Suite struct WhyDidItFailChecks {
  private let alice: TransportAddress = "198.51.100.1:5000"
  private let bob: TransportAddress = "198.51.100.2:5000"
  private let server: TransportAddress = "203.0.113.9:3478"

  @Test("Where nothing has been sent from the port there is no mapping")
  func noMapping() {
    #expect(
      whyDidItFail(source: alice, destination: bob, table: [:]) == "no mapping",
      "Bob's box has no mapping at all")
    #expect(
      whyDidItFail(source: alice, destination: bob, table: ["198.51.100.2:6000": [alice]])
        == "no mapping", "Bob's box has a mapping at port 6000, and the packet goes to 5000")
  }

  @Test("A packet from where something was sent to gets in")
  func admitted() {
    #expect(
      whyDidItFail(source: alice, destination: bob, table: [bob: [server, alice]]) == nil,
      "Bob has asked the server and called Alice: both may answer")
  }

  @Test("Where only the server was asked, Alice was never called")
  func neverCalled() {
    #expect(
      whyDidItFail(source: alice, destination: bob, table: [bob: [server]]) == "never called",
      "Bob has asked the server, and sent nothing to Alice")
  }

  @Test("A packet of a symmetric box comes from another port")
  func anotherPort() {
    #expect(
      whyDidItFail(source: "198.51.100.1:5002", destination: bob, table: [bob: [server, alice]])
        == "another port", "Bob has called Alice at port 5000, and her packet comes from 5002")
  }

  @Test("A call to somebody else's mapping finds the door closed")
  func otherMapping() {
    #expect(
      whyDidItFail(
        source: alice, destination: bob, table: [bob: [server], "198.51.100.2:5002": [alice]])
        == "never called",
      "Bob's box is symmetric: it has called Alice from port 5002, and she calls 5000")
  }
}
