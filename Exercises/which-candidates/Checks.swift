import ICE
import Testing
import TransportAddress

@testable import Answer

@Suite struct WhichCandidatesChecks {
  @Test("At home, with both servers, there are all three")
  func home() {
    #expect(
      expectedTypes(
        isBehindNAT: true, letsOut: [.udp, .tcp], hasSTUNServer: true, relay: [.udp, .tcp])
        == [.host, .serverReflexive, .relayed], "Everything is there, and everything gets out")
  }

  @Test("Without servers there is a host candidate all the same")
  func noServers() {
    #expect(
      expectedTypes(isBehindNAT: true, letsOut: [.udp, .tcp], hasSTUNServer: false, relay: [])
        == [.host], "Her own system tells her that one, and nobody else has to")
  }

  @Test("Without a relay there is no relayed one, and with one that nothing reaches neither")
  func noRelay() {
    #expect(
      expectedTypes(isBehindNAT: true, letsOut: [.udp, .tcp], hasSTUNServer: true, relay: [])
        == [.host, .serverReflexive], "She has a STUN server and no relay")
    #expect(
      expectedTypes(isBehindNAT: true, letsOut: [.tcp], hasSTUNServer: true, relay: [.udp])
        == [.host], "No UDP gets out, and both servers are asked over UDP")
  }

  @Test("In the café there is a relayed one by TCP, and no server-reflexive one")
  func cafe() {
    #expect(
      expectedTypes(isBehindNAT: true, letsOut: [.tcp], hasSTUNServer: true, relay: [.udp, .tcp])
        == [.host, .relayed], "Only TCP gets out, by which the relay can be asked, too")
  }

  @Test("Without a NAT the server-reflexive one is redundant")
  func open() {
    #expect(
      expectedTypes(
        isBehindNAT: false, letsOut: [.udp, .tcp], hasSTUNServer: true, relay: [.udp, .tcp])
        == [.host, .relayed], "The server sees the address that her system has told her")
  }

  @Test("A relay that is asked over UDP tells what it saw, too")
  func relayTells() {
    #expect(
      expectedTypes(isBehindNAT: true, letsOut: [.udp], hasSTUNServer: false, relay: [.udp])
        == [.host, .serverReflexive, .relayed],
      "There is no STUN server, but the relay has seen a UDP packet of hers")
    #expect(
      expectedTypes(isBehindNAT: true, letsOut: [.udp, .tcp], hasSTUNServer: false, relay: [.tcp])
        == [.host, .relayed], "This relay sees her TCP alone")
  }
}
