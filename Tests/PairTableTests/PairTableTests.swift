import ICE
import PairTable
import Testing
import TransportAddress

@Suite struct PairTableTests {
  static let host = "1 1 UDP 2130706431 192.0.2.1 5000 typ host"
  static let reflexive =
    "2 1 UDP 1694498815 203.0.113.1 6000 typ srflx raddr 192.0.2.1 rport 5000"
  static let peerHost = "1 1 UDP 2130706431 198.51.100.1 5000 typ host"
  static let relayed = "3 1 UDP 16777215 203.0.113.9 7000 typ relay raddr 203.0.113.1 rport 6000"

  // MARK: Order and pruning

  @Test("A pair from a reflexive candidate is pruned for the pair from its base")
  func reflexive() throws {
    let table = PairTable(
      offer: try side(Self.host, Self.reflexive, Self.relayed), answer: try side(Self.peerHost))
    #expect(table.role == .controlling)
    #expect(table.component.order == ["1-1", "3-1"])
    #expect(
      table.component.verdict(2, 1) == .pruned(.redundant(with: 1, base: "192.0.2.1:5000")))
  }

  @Test("The order is that of an agent, from either side")
  func order() throws {
    let offer = try side(Self.host, Self.reflexive, Self.relayed)
    let answer = try side(
      Self.peerHost, "2 1 UDP 1694498815 198.51.100.2 6000 typ srflx raddr 10.0.0.2 rport 1",
      "2 1 UDP 1694498815 198.51.100.1 6001 typ srflx raddr 10.0.0.2 rport 2")
    for side in PairTable.Side.allCases {
      let table = PairTable(offer: offer, answer: answer, side: side)
      let (own, other) = side == .offerer ? (offer, answer) : (answer, offer)
      let local = own.description.streams[0].candidates.compactMap { attribute in
        attribute.candidate.map { candidate in
          var gathered = GatheredCandidate(
            candidate.type, candidate.address,
            base: candidate.type.isReflexive
              ? candidate.relatedAddress ?? candidate.address : candidate.address)
          gathered.localPreference = candidate.localPreference
          var made = Candidate(gathered, foundation: candidate.foundation)
          made.priority = candidate.priority
          return made
        }
      }
      let remote = other.description.streams[0].candidates.compactMap(\.candidate)
      let agent = Checklist.prune(
        Checklist.sort(
          Checklist.form(local: local, remote: remote, role: table.role), role: table.role))
      let shown = table.component.checklist.map {
        "\(table.component.local[$0.local - 1].place) \(table.component.remote[$0.remote - 1].place)"
      }
      #expect(shown == agent.map { "\($0.local.address) \($0.remote.address)" })
      #expect(table.component.checklist.map(\.priority) == agent.map(\.priority))
    }
  }

  @Test("The first pair of each foundation waits, the others are frozen")
  func states() throws {
    let table = PairTable(
      offer: try side(Self.host, "1 2 UDP 2130706430 192.0.2.1 5001 typ host"),
      answer: try side(Self.peerHost, "1 2 UDP 2130706430 198.51.100.1 5001 typ host"))
    let states = table.streams[0].components.flatMap(\.checklist).map(\.verdict)
    #expect(
      states == [.checked(position: 1, .waiting, .open), .checked(position: 2, .frozen, .open)])
  }

  @Test("Beyond the limit the lowest pairs are left out")
  func limit() throws {
    let table = PairTable(
      offer: try side(Self.host, Self.relayed), answer: try side(Self.peerHost), limit: 1)
    #expect(table.component.order == ["1-1"])
    #expect(table.component.verdict(2, 1) == .pruned(.limit(1)))
  }

  @Test("A lite offerer is controlled by an answerer that is not lite")
  func lite() throws {
    let offer = try SignaledSide(parsing: "v=0\na=ice-lite\nm=audio 9 RTP/AVP 0\n")
    let answer = try SignaledSide(parsing: "v=0\nm=audio 9 RTP/AVP 0\n")
    #expect(PairTable(offer: offer, answer: answer).role == .controlled)
    #expect(PairTable(offer: offer, answer: answer, side: .answerer).role == .controlling)
    #expect(PairTable(offer: offer, answer: offer).role == .controlling)
  }

  // MARK: No pairs

  @Test(
    "Candidates that are no pair say why",
    arguments: [
      (host, "1 1 UDP 2130706431 2001:db8::1 5000 typ host", PairVerdict.Mismatch.families),
      (
        host, "1 1 TCP 2105524479 198.51.100.1 9 typ host tcptype active",
        .transports(.udp, .tcp)
      ),
      (
        host, "1 1 SSLTCP 2105524479 198.51.100.1 443 typ host tcptype passive",
        .unknownTransport(.other("SSLTCP"))
      ),
      (
        "1 1 UDP 2130706431 fe80::1 5000 typ host", "1 1 UDP 2130706431 2001:db8::1 5 typ host",
        .linkLocal
      ),
      (
        "1 1 TCP 2105524479 192.0.2.1 5000 typ host tcptype passive",
        "1 1 TCP 2105524479 198.51.100.1 5000 typ host tcptype passive",
        .tcpTypes(.passive, .passive)
      ),
      (
        "1 1 TCP 2105524479 192.0.2.1 9 typ host tcptype active",
        "1 1 TCP 2105524479 198.51.100.1 9 typ host tcptype active", .tcpTypes(.active, .active)
      ),
      (
        "1 1 TCP 2105524479 192.0.2.1 9 typ host tcptype active",
        "1 1 TCP 2105524479 198.51.100.1 5000 typ host", .noTCPType
      ),
      (
        "1 1 TCP 2105524479 192.0.2.1 9 typ host tcptype active",
        "1 1 TCP 2105524479 198.51.100.1 5000 typ host tcptype so",
        .tcpTypes(.active, .simultaneousOpen)
      ),
      (host, "1 1 UDP 2130706431 0.0.0.0 5000 typ host", .unusable(.unspecified)),
      (host, "1 1 UDP 2130706431 198.51.100.1 0 typ host", .noPort),
      (host, "1 1 UDP 2130706431 fe80::1%eth0 5000 typ host", .zone),
    ])
  func impossible(local: String, remote: String, mismatch: PairVerdict.Mismatch) throws {
    let table = PairTable(offer: try side(local), answer: try side(remote))
    #expect(table.component.verdict(1, 1) == .impossible(mismatch))
    #expect(!table.hasHope)
  }

  @Test("Of a passive and an active TCP candidate the active side checks")
  func passive() throws {
    let passive = "1 1 TCP 2105524479 192.0.2.1 5000 typ host tcptype passive"
    let active = "1 1 TCP 2105524479 198.51.100.1 9 typ host tcptype active"
    #expect(
      PairTable(offer: try side(passive), answer: try side(active)).component.verdict(1, 1)
        == .pruned(.passive))
    #expect(
      PairTable(offer: try side(active), answer: try side(passive)).component.order == ["1-1"])
  }

  @Test("Two TCP candidates that open at once are a pair of both sides")
  func simultaneousOpen() throws {
    let offer = try side("1 1 TCP 2105524479 192.0.2.1 5000 typ host tcptype so")
    let answer = try side("1 1 TCP 2105524479 198.51.100.1 5000 typ host tcptype so")
    for side in PairTable.Side.allCases {
      #expect(PairTable(offer: offer, answer: answer, side: side).component.order == ["1-1"])
    }
  }

  // MARK: Pairs that cannot work

  @Test(
    "The addresses tell where a pair cannot work, and where only under a condition",
    arguments: [
      ("192.0.2.1 1 typ host", "198.51.100.1 1 typ host", Outlook.open),
      ("10.0.0.2 1 typ host", "198.51.100.1 1 typ host", .open),
      ("127.0.0.1 1 typ host", "198.51.100.1 1 typ host", .hopeless(.loopback)),
      ("192.0.2.1 1 typ host", "127.0.0.1 1 typ host", .hopeless(.loopback)),
      ("127.0.0.1 1 typ host", "127.0.0.1 2 typ host", .conditional(.sameMachine)),
      ("169.254.1.1 1 typ host", "198.51.100.1 1 typ host", .hopeless(.linkLocal)),
      ("169.254.1.1 1 typ host", "169.254.1.2 1 typ host", .conditional(.sameLink)),
      ("fe80::1 1 typ host", "fe80::2 1 typ host", .conditional(.sameLink)),
      ("10.0.0.2 1 typ host", "192.168.1.5 1 typ host", .conditional(.sameNetwork)),
      ("fd00::1 1 typ host", "fd00:1::2 1 typ host", .conditional(.sameNetwork)),
      ("100.64.0.2 1 typ host", "100.64.0.3 1 typ srflx", .conditional(.sameProvider)),
      ("192.0.2.1 1 typ relay", "192.168.1.5 1 typ host", .hopeless(.relayToInside)),
      ("10.0.0.9 1 typ relay", "192.168.1.5 1 typ host", .conditional(.sameNetwork)),
      ("192.0.2.1 1 typ host", "10.0.0.9 1 typ relay", .conditional(.relayInside)),
      ("10.0.0.2 1 typ host", "a.local 1 typ host", .conditional(.nameOnSameLink)),
      ("192.0.2.1 1 typ relay", "a.local 1 typ host", .hopeless(.relayToName)),
    ])
  func outlook(local: String, remote: String, outlook: Outlook) throws {
    let table = PairTable(
      offer: try side("1 1 UDP 1000 \(local)"), answer: try side("1 1 UDP 1000 \(remote)"))
    #expect(table.component.verdict(1, 1) == .checked(position: 1, .waiting, outlook))
    #expect(table.hasHope == outlook.isPossible)
  }

  @Test("A component that one side alone has is shown, and does not count")
  func components() throws {
    let table = PairTable(
      offer: try side(Self.host, "1 2 UDP 2130706430 192.0.2.1 5001 typ host"),
      answer: try side(Self.peerHost))
    #expect(table.streams[0].components.map(\.id) == [1, 2])
    #expect(table.streams[0].components[1].remote.isEmpty)
    #expect(table.hasHope)
  }
}
