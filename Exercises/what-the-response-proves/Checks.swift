import ICE
import Testing
import TransportAddress

@testable import Answer

@Suite struct WhatTheResponseProvesChecks {
  /// A check from 10.0.0.2:5000 to 198.51.100.2:5000.
  private let pair = CandidatePair(
    local: LocalCandidates([.host("10.0.0.2:5000")]).candidates[0],
    remote: Candidate(
      remote: .serverReflexive, "198.51.100.2:5000", foundation: "2", priority: 1_694_498_815),
    role: .controlling)

  @Test("The valid pair has the address that the peer has seen")
  func mapped() {
    #expect(
      validAddress(
        of: pair, responseFrom: "198.51.100.2:5000", to: "10.0.0.2:5000",
        mapped: "198.51.100.1:5004") == "198.51.100.1:5004",
      "Your box shows you as 198.51.100.1:5004 to this peer, and that is where the peer sends to")
  }

  @Test("Without a NAT it is the base itself")
  func base() {
    #expect(
      validAddress(
        of: pair, responseFrom: "198.51.100.2:5000", to: "10.0.0.2:5000",
        mapped: "10.0.0.2:5000") == "10.0.0.2:5000",
      "No box has changed the source, so the peer has seen 10.0.0.2:5000")
  }

  @Test("A response from another address proves nothing")
  func source() {
    #expect(
      validAddress(
        of: pair, responseFrom: "198.51.100.2:6000", to: "10.0.0.2:5000",
        mapped: "198.51.100.1:5004") == nil,
      "The check went to port 5000, and the response came from port 6000: another path")
  }

  @Test("A response to another address of yours proves nothing")
  func local() {
    #expect(
      validAddress(
        of: pair, responseFrom: "198.51.100.2:5000", to: "192.168.7.2:5000",
        mapped: "198.51.100.1:5004") == nil,
      "It was sent from 10.0.0.2:5000, and the response came in by another network")
  }
}
