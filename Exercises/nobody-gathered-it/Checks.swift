import ICE
import Testing
import TransportAddress

@testable import Answer

@Suite struct NobodyGatheredItChecks {
  let known = [
    Candidate(remote: .host, "10.0.0.2:5000", foundation: "1", priority: 2_130_706_431),
    Candidate(
      remote: .serverReflexive, "198.51.100.1:5000", foundation: "2", priority: 1_694_498_815),
  ]

  @Test("A check from an address that nobody was told brings a candidate to light")
  func unknown() {
    let found = discovered(
      from: "203.0.113.77:6000", priority: 1_862_270_975, foundation: "3", known: known)
    #expect(found != nil, "None of the peer's candidates has the address 203.0.113.77:6000")
    #expect(
      found?.address == "203.0.113.77:6000",
      "The candidate is where the check came from, and that is where to answer")
  }

  @Test("A check from a known candidate brings nothing new")
  func familiar() {
    let found = discovered(
      from: "198.51.100.1:5000", priority: 1_862_270_975, foundation: "3", known: known)
    #expect(found == nil, "198.51.100.1:5000 is the peer's server-reflexive candidate")
  }

  @Test("A new port is a new candidate, though the address is known")
  func port() {
    let found = discovered(
      from: "198.51.100.1:5004", priority: 1_862_270_975, foundation: "3", known: known)
    #expect(
      found?.address == "198.51.100.1:5004",
      "The symmetric box took port 5004 for you, and told the server 5000")
  }

  @Test("It is peer-reflexive")
  func type() {
    let found = discovered(
      from: "198.51.100.1:5004", priority: 1_862_270_975, foundation: "3", known: known)
    #expect(found?.type == .peerReflexive, "The peer, and no server, has seen it: you are the peer")
  }

  @Test("Its priority is the one that the check has brought along")
  func priority() {
    let found = discovered(
      from: "198.51.100.1:5004", priority: 1_845_494_271, foundation: "3", known: known)
    #expect(
      found?.priority == 1_845_494_271,
      "Only the sender knows how much it likes this one of its addresses, and PRIORITY says so")
  }
}
