import ICE
import Testing
import TransportAddress

@Suite struct LocalCandidatesTests {
  private static let host = Candidate.host("10.0.0.2:5000")

  /// RFC 8445 §5.1.1.3: what must be equal, one thing changed at a time.
  @Test(
    "A foundation changes with type, base, server and transport, and with nothing else",
    arguments: [
      ("another port of the base", Candidate.host("10.0.0.2:5002"), true),
      ("another component", .host("10.0.0.2:5002", component: 2), true),
      ("another local preference", .host("10.0.0.2:5002", localPreference: 7), true),
      ("another base", .host("10.0.0.3:5000"), false),
      ("another transport", .host("10.0.0.2:5000", transport: .tcp), false),
      ("another type", .peerReflexive("203.0.113.7:1", base: "10.0.0.2:5000"), false),
    ])
  func foundation(change: String, other: Candidate, same: Bool) {
    #expect((other.foundation == Self.host.foundation) == same)
    let local = LocalCandidates([Self.host, other])
    #expect(local.candidates.map(\.foundation) == (same ? ["1", "1"] : ["1", "2"]))
  }

  @Test("The server's address counts for a foundation, its port does not")
  func servers() {
    func reflexive(_ server: TransportAddress, _ port: UInt16) -> Candidate {
      .serverReflexive(
        TransportAddress("203.0.113.7", port: port), base: "10.0.0.2:5000", server: server)
    }
    let one = reflexive("198.51.100.1:3478", 40000)
    let otherPort = reflexive("198.51.100.1:3479", 40001)
    let otherServer = reflexive("198.51.100.2:3478", 40002)
    #expect(one.foundation == otherPort.foundation)
    #expect(one.foundation != otherServer.foundation)
    let local = LocalCandidates([one, otherPort, otherServer])
    #expect(local.candidates.map(\.foundation) == ["1", "1", "2"])
  }

  @Test("A foundation is the same in every run and at every agent")
  func stable() {
    #expect(Self.host.foundation == "1706646487")
  }

  @Test("A foundation is made of 1 to 32 ice-chars")
  func iceCharacters() {
    #expect(Self.host.foundation.utf8.allSatisfy { (0x30...0x39).contains($0) })
    #expect((1...32).contains(Self.host.foundation.utf8.count))
  }

  @Test("Without a NAT the server-reflexive candidate is redundant with its base")
  func redundantReflexive() {
    var local = LocalCandidates([.host("203.0.113.50:5000")])
    let seen = Candidate.serverReflexive("203.0.113.50:5000", base: "203.0.113.50:5000")
    let dropped = local.add(seen)
    #expect(dropped?.type == .serverReflexive)
    #expect(local.candidates.map(\.type) == [.host])
  }

  @Test("Of two redundant candidates the one with the lower priority goes, whichever came first")
  func lowerPriorityGoes() {
    var local = LocalCandidates([.serverReflexive("203.0.113.50:5000", base: "203.0.113.50:5000")])
    let dropped = local.add(.host("203.0.113.50:5000"))
    #expect(dropped?.type == .serverReflexive)
    #expect(local.candidates.map(\.type) == [.host])
  }

  @Test("Two servers that see the same mapping give one candidate")
  func twoServers() {
    let local = LocalCandidates([
      .host("10.0.0.2:5000"),
      .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000", server: "198.51.100.1:3478"),
      .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000", server: "198.51.100.2:3478"),
    ])
    #expect(local.candidates.count == 2)
  }

  @Test("The same address from another base, or over another transport, is not redundant")
  func notRedundant() {
    let local = LocalCandidates([
      .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000"),
      .serverReflexive("203.0.113.7:40000", base: "10.0.0.3:5000"),
      .serverReflexive("203.0.113.7:40000", base: "10.0.0.3:5000", transport: .tcp),
    ])
    #expect(local.candidates.count == 3)
  }

  @Test("Candidates print as a table")
  func table() {
    let local = LocalCandidates([
      .host("10.0.0.2:5000"), .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000"),
    ])
    #expect(
      local.description == """
        type   address            base           foundation  priority
        host   10.0.0.2:5000      10.0.0.2:5000  1           2130706431
        srflx  203.0.113.7:40000  10.0.0.2:5000  2           1694498815
        """)
  }
}
