import ICE
import PairTable
import Testing

@Suite struct PriorityTermsTests {
  @Test("The three fields are read off the number")
  func fields() {
    let terms = PriorityTerms(2_122_260_223)
    #expect(terms.typePreference == 126)
    #expect(terms.localPreference == 32542)
    #expect(terms.component == 1)
    #expect(PriorityTerms(2_130_706_176).component == 256)
  }

  @Test("A host with one address says so by RFC 8445's numbers")
  func rfc() throws {
    let row = try first(of: try side("1 2 UDP 2130706430 10.0.0.2 5000 typ host"))
    #expect(row.formula == .rfc8445)
    #expect(row.typeMeaning == "host")
    #expect(row.localMeaning == "the host's only address, or its best")
    #expect(row.terms.component == 2 && !row.hasOtherComponent)
  }

  @Test("Chromium's candidates are explained, number by number")
  func chromium() throws {
    let offer = try browser("chromium-offer")
    #expect(offer.formula == .libwebrtc)
    let rows = PairTable(offer: offer, answer: offer).component.local
    #expect(
      rows.map(\.typeMeaning)
        == [
          "host", "host", "server-reflexive", "host, TCP", "host, TCP", "relayed, TURN over UDP",
        ])
    #expect(
      rows.map(\.localMeaning)
        == [
          "127*256 + 30: network 127, IPv4", "126*256 + 40: network 126, IPv6",
          "127*256 + 30: network 127, IPv4", "127*256 + 30: network 127, IPv4",
          "126*256 + 40: network 126, IPv6",
          "127*256 + 31: network 127, IPv4 + 1 by the TURN server's rank",
        ])
  }

  @Test("libwebrtc's 32 for candidates that are no relays are told apart from the address")
  func libwebrtcRanks() throws {
    let row = try first(
      of: try side("1 1 udp 2122268415 192.0.2.5 5000 typ host generation 0 network-id 1"))
    #expect(row.localMeaning == "127*256 + 62: network 127, IPv4 + 32 as no relay")
  }

  @Test("Firefox's candidates are explained, number by number")
  func firefox() throws {
    let answer = try browser("firefox-answer")
    #expect(answer.formula == .firefox)
    let rows = PairTable(offer: answer, answer: answer).component.local
    #expect(
      rows.map(\.typeMeaning)
        == ["host", "host", "host, TCP", "host, TCP", "server-reflexive", "relayed"])
    #expect(
      rows.map(\.localMeaning)
        == [
          "127*256 + 0: interface 127", "126*256 + 0: interface 126",
          "127*256 + 192: interface 127, active 6*32", "126*256 + 192: interface 126, active 6*32",
          "127*256 + 31: interface 127, server 0 as 31 - 0",
          "127*256 + 30: interface 127, server 1 as 31 - 1",
        ])
  }

  @Test("Firefox is known by its o= line, or by its preference for TCP")
  func firefoxWithoutOrigin() throws {
    #expect(
      try side("2 1 TCP 2105524479 192.0.2.5 9 typ host tcptype active").formula == .firefox)
    #expect(try browser("firefox-mdns-answer").formula == .firefox)
  }

  @Test("A number that fits no formula is shown without a meaning")
  func strange() throws {
    let row = try first(of: try side("1 1 udp 1000 192.0.2.5 5000 typ host"))
    #expect(row.typeMeaning == "relayed")
    #expect(row.localMeaning == nil)
    #expect(row.hasOtherComponent)
  }

  private func first(of side: SignaledSide) throws -> CandidateRow {
    try #require(PairTable(offer: side, answer: side).streams[0].components.first?.local.first)
  }
}
