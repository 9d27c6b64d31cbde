import ICE
import PairTable
import Testing
import TransportAddress

/// Chromium's and Firefox's own descriptions.
@Suite struct BrowserTests {
  @Test("Chromium's offer and Firefox's answer: one checklist for three streams")
  func bundle() throws {
    let table = PairTable(
      offer: try browser("chromium-offer"), answer: try browser("firefox-answer"))
    #expect(table.streams.map(\.use) == [.own, .bundled(into: 0), .bundled(into: 0)])
    #expect(table.streams.map(\.mid) == ["0", "1", "2"])
    #expect(table.streams[0].warnings == [])
    #expect(table.hasHope)
    let component = table.component
    // Host to host, then by the lower of both priorities; the reflexive ones are pruned.
    #expect(component.order == ["1-1", "2-2", "1-5", "1-6", "6-1", "6-5", "6-6"])
    #expect(component.verdict(3, 1) == .pruned(.redundant(with: 1, base: "192.168.1.5:56790")))
    #expect(component.verdict(4, 3) == .impossible(.tcpTypes(.active, .active)))
    #expect(component.verdict(1, 2) == .impossible(.families))
    #expect(component.verdict(6, 1) == .checked(position: 5, .waiting, .hopeless(.relayToInside)))
  }

  @Test("Both sides order the pairs alike")
  func sides() throws {
    let (offer, answer) = (try browser("chromium-offer"), try browser("firefox-answer"))
    let offerer = PairTable(offer: offer, answer: answer).component
    let answerer = PairTable(offer: offer, answer: answer, side: .answerer).component
    let priorities = Dictionary(
      uniqueKeysWithValues: offerer.combinations.map { ("\($0.local)-\($0.remote)", $0.priority) })
    for pair in answerer.combinations {
      #expect(priorities["\(pair.remote)-\(pair.local)"] == pair.priority)
    }
    #expect(
      answerer.verdict(5, 1) == .pruned(.redundant(with: 1, base: "192.168.1.20:50101")))
  }

  @Test("Where mDNS hides the hosts, a reflexive candidate's base is one of them")
  func names() throws {
    let table = PairTable(
      offer: try browser("chromium-mdns-offer"), answer: try browser("firefox-mdns-answer"))
    let component = table.component
    // The name that stands for an IPv6 address comes first.
    #expect(Array(component.order.prefix(2)) == ["2-1", "1-1"])
    #expect(
      component.verdict(1, 1)
        == .checked(position: 2, .waiting, .conditional(.nameOnSameLink)))
    #expect(component.verdict(3, 1) == .pruned(.redundant(with: 2, base: nil)))
  }

  @Test("Chromium's priority tells the IP version that a name hides")
  func hiddenFamily() throws {
    let table = PairTable(
      offer: try browser("chromium-mdns-offer"), answer: try browser("firefox-mdns-answer"))
    #expect(table.component.local.map(\.family) == [.ipv4, .ipv6, .ipv4])
    // The reflexive candidate of the answer is IPv4.
    #expect(table.component.verdict(2, 3) == .impossible(.families))
  }

  @Test("A stream that is refused, or that the answer lacks, has no checklist")
  func unused() throws {
    let offer = try browser("chromium-offer")
    let answer = try SignaledSide(parsing: "v=0\nm=audio 0 UDP/TLS/RTP/SAVPF 0\n")
    #expect(
      PairTable(offer: offer, answer: answer).streams.map(\.use)
        == [.rejected, .unanswered, .unanswered])
  }

  @Test("A description without credentials, or with a changed default, is warned of")
  func warnings() throws {
    let line = "a=candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host"
    let offer = try SignaledSide(
      parsing: "v=0\nm=audio 5000 RTP/AVP 0\nc=IN IP4 192.0.2.9\n\(line)\n")
    let table = PairTable(offer: offer, answer: offer)
    #expect(
      table.streams[0].warnings
        == [
          .noCredentials(.offerer), .mismatch(.offerer), .noCredentials(.answerer),
          .mismatch(.answerer),
        ])
  }
}
