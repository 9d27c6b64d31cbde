import ICE
import Testing
import TransportAddress

@Suite struct LocalCandidatesTests {
  private static let host = GatheredCandidate.host("10.0.0.2:5000")

  /// RFC 8445 §5.1.1.3: what must be equal, one thing changed at a time.
  @Test(
    "A foundation changes with type, base, server and transport, and with nothing else",
    arguments: [
      ("another port of the base", GatheredCandidate.host("10.0.0.2:5002"), true),
      ("another component", .host("10.0.0.2:5002", component: 2), true),
      ("another local preference", .host("10.0.0.2:5002", localPreference: 7), true),
      ("another base", .host("10.0.0.3:5000"), false),
      ("another transport", .host("10.0.0.2:5000", transport: .tcp), false),
      ("another type", .peerReflexive("203.0.113.7:1", base: "10.0.0.2:5000"), false),
    ])
  func foundation(change: String, other: GatheredCandidate, same: Bool) {
    let local = LocalCandidates([Self.host, other])
    #expect(local.candidates.map(\.foundation) == (same ? ["1", "1"] : ["1", "2"]))
  }

  @Test("The server's address counts for a foundation, its port does not")
  func servers() {
    func reflexive(_ server: TransportAddress, _ port: UInt16) -> GatheredCandidate {
      .serverReflexive(
        TransportAddress("203.0.113.7", port: port), base: "10.0.0.2:5000", server: server)
    }
    let one = reflexive("198.51.100.1:3478", 40000)
    let otherPort = reflexive("198.51.100.1:3479", 40001)
    let otherServer = reflexive("198.51.100.2:3478", 40002)
    let local = LocalCandidates([one, otherPort, otherServer])
    #expect(local.candidates.map(\.foundation) == ["1", "1", "2"])
  }

  @Test("Without a NAT the server-reflexive candidate is redundant with its base")
  func redundantReflexive() {
    var local = LocalCandidates([.host("203.0.113.50:5000")])
    let seen = GatheredCandidate.serverReflexive("203.0.113.50:5000", base: "203.0.113.50:5000")
    let outcome = local.add(seen)
    #expect(outcome == .redundant(seen))
    #expect(local.candidates.map(\.type) == [.host])
  }

  @Test("Of two redundant candidates the one with the lower priority goes, whichever came first")
  func lowerPriorityGoes() {
    var local = LocalCandidates([.serverReflexive("203.0.113.50:5000", base: "203.0.113.50:5000")])
    let old = local.candidates[0]
    let outcome = local.add(.host("203.0.113.50:5000"))
    #expect(outcome == .replaced(old, with: local.candidates[0]))
    #expect(local.candidates.map(\.type) == [.host])
  }

  @Test("A foundation is not given twice, though its candidate has gone")
  func numbersGoOn() {
    var local = LocalCandidates([
      .serverReflexive("203.0.113.50:5000", base: "203.0.113.50:5000"),
      .host("203.0.113.50:5000"),
    ])
    let outcome = local.add(.host("10.0.0.2:5000"))
    #expect(local.candidates.map(\.foundation) == ["2", "3"])
    #expect(outcome == .added(local.candidates[1]))
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
