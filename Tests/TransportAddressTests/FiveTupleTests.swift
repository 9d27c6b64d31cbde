import Testing
import TransportAddress

@Suite struct FiveTupleTests {
  let flow = FiveTuple(.udp, local: "10.0.0.2:5000", remote: "198.51.100.1:3478")

  @Test("Each end sees the other's local address as its remote one")
  func reversed() {
    #expect(flow.reversed.local == flow.remote)
    #expect(flow.reversed.reversed == flow)
  }

  @Test("It prints its protocol and both ends, this end first")
  func text() {
    #expect(flow.description == "UDP 10.0.0.2:5000 ↔ 198.51.100.1:3478")
  }
}
