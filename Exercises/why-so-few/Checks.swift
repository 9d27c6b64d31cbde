import ICE
import Testing
import TransportAddress

@testable import Answer

@Suite struct WhySoFewChecks {
  private let host = GatheredCandidate.host("10.0.0.2:5000")
  private let reflexive = GatheredCandidate.serverReflexive(
    "198.51.100.1:5000", base: "10.0.0.2:5000")
  private let relayed = GatheredCandidate.relayed(
    "203.0.113.20:49152", mapped: "198.51.100.1:5000")

  private func list(_ candidates: GatheredCandidate...) -> [Candidate] {
    LocalCandidates(candidates).candidates
  }

  @Test("A list with all three types has nothing wrong")
  func whole() {
    #expect(
      whyNoMore(list(host, reflexive, relayed)) == nil, "Both servers have answered as they should")
  }

  @Test("A host candidate alone says that no UDP gets out")
  func hostAlone() {
    #expect(
      whyNoMore(list(host)) == "no UDP",
      "Neither server has answered, and both are asked over UDP")
  }

  @Test("A server-reflexive one without a relayed one says that the relay gives none")
  func noRelay() {
    #expect(
      whyNoMore(list(host, reflexive)) == "no relay",
      "The STUN server has answered, so UDP gets out. The relay is down, or the password wrong")
  }

  @Test("A relayed one with a private address is of no use")
  func relayInside() {
    let inside = GatheredCandidate.relayed("10.8.0.20:49152", mapped: "198.51.100.1:5000")
    #expect(
      whyNoMore(list(host, reflexive, inside)) == "relay inside",
      "The relay stands behind a NAT of its own, and tells its address there")
    #expect(
      whyNoMore(list(host, inside)) == "relay inside",
      "The relay has answered, so UDP does get out")
  }

  @Test("A private host candidate is as it should be")
  func privateHost() {
    #expect(
      whyNoMore(list(relayed, host)) == nil,
      "Every laptop at home has a private address: 10.0.0.2 here")
  }
}
