import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Which checks an agent sends, when, and what is in them (RFC 8445 §6.1.4, §7.2).
@Suite struct CheckSendingTests {
  private func remotes(
    _ count: Int, foundation: (Int) -> UInt32 = { UInt32($0) + 1 }
  ) -> [Candidate] {
    (0..<count).map { number in
      host(
        TransportAddress("203.0.113.9", port: 6000 + UInt16(number)),
        foundation: CandidateFoundation(number: foundation(number)),
        localPreference: UInt16(60_000 - number))
    }
  }

  @Test(
    "A check has USERNAME, PRIORITY, the role, MESSAGE-INTEGRITY and FINGERPRINT (§7.2.2, §7.2.4)")
  func attributes() throws {
    for role in AgentRole.allCases {
      var desk = try Desk(role, tiebreaker: 77)
      let check = try desk.nextCheck()
      #expect(try check.message.username == "peer:ownU")
      // The type preference of peer-reflexive candidates, the local preference of the pair's own.
      #expect(try check.message.priority == 110 << 24 + 65535 << 8 + 255)
      #expect(try check.message.iceControlling == (role == .controlling ? 77 : nil))
      #expect(try check.message.iceControlled == (role == .controlled ? 77 : nil))
      #expect(!check.useCandidate)
      let key = MessageIntegrityKey(shortTermPassword: Desk.peer.password)
      #expect(check.message.verifyMessageIntegrity(with: key) == .verified)
      #expect(check.message.verifyFingerprint() == .verified)
      #expect(check.base == Desk.base && check.remote == Desk.remote)
    }
  }

  @Test("Checks go out best pair first, one every Ta (§6.1.4.2)")
  func order() throws {
    var desk = try Desk(remotes: remotes(4).reversed())
    let checks = try desk.wait(.milliseconds(199))
    #expect(checks.map(\.remote.port) == [6000, 6001, 6002, 6003])
    #expect(desk.agent.nextDeadline == .milliseconds(200))
  }

  @Test("After a check between two hosts a pair through a NAT has its turn (RFC 8421 §4)")
  func kindsTakeTurns() throws {
    let reflexive = (0...1).map { number in
      Candidate(
        remote: .serverReflexive, TransportAddress("203.0.113.10", port: 7000 + UInt16(number)),
        foundation: CandidateFoundation(number: UInt32(50 + number)),
        priority: 1_694_498_815 - UInt32(number))
    }
    var desk = try Desk(remotes: remotes(4) + reflexive)
    // The pairs in the order of their priorities: four of hosts, and two through the NAT.
    #expect(
      desk.ids.map { desk.agent.explanation(of: $0) }
        == [0, 2, 4, 5, 1, 3].map { .waiting(after: $0) })
    let checks = try desk.wait(.milliseconds(299))
    #expect(checks.map(\.remote.port) == [6000, 7000, 6001, 7001, 6002, 6003])
  }

  @Test("All checklists share one Ta, and take turns (§6.1.4.2, pitfall 36)")
  func turns() throws {
    var desk = try Desk(streams: [1, 1], remotes: [])
    try desk.agent.gathered(.host("10.0.0.2:7000"), stream: 1, at: desk.now)
    for candidate in remotes(2) {
      try desk.agent.remoteCandidateReceived(candidate, stream: 0, at: desk.now)
    }
    for candidate in remotes(2) {
      var candidate = candidate
      candidate.address.port += 1000
      candidate.foundation = CandidateFoundation(number: UInt32(candidate.address.port))
      try desk.agent.remoteCandidateReceived(candidate, stream: 1, at: desk.now)
    }
    var times: [Instant] = []
    var bases: [UInt16] = []
    while bases.count < 4 {
      bases.append(try desk.nextCheck().base.port)
      times.append(desk.now)
    }
    #expect(bases == [5000, 7000, 5000, 7000])
    #expect(times == [0, 50, 100, 150].map { Instant.milliseconds($0) })
  }

  @Test("Ta is the longer one of both agents' (§14.2), and the peer's at most half a second")
  func agreedPacing() throws {
    var configuration = ICEConfiguration()
    configuration.pacing = .milliseconds(5)
    for (theirs, agreed) in [
      (nil, 50), (5, 5), (20, 20), (500, 500), (501, 500), (9_999_999_999, 500),
    ] as [(Int?, Int)] {
      var desk = try Desk(configuration: configuration, remotes: nil)
      try desk.agent.remoteDescriptionReceived(
        RemoteDescription(Desk.peer, pacing: theirs.map { .milliseconds($0) }), at: desk.now)
      for candidate in remotes(2) {
        try desk.agent.remoteCandidateReceived(candidate, at: desk.now)
      }
      _ = try desk.nextCheck()
      _ = try desk.nextCheck()
      #expect(desk.now == .milliseconds(Int64(agreed)))
    }
  }

  @Test("A transaction of gathering counts as one within Ta (§14.2)")
  func gatheringShares() throws {
    var desk = try Desk(remotes: nil)
    desk.agent.gatheringTransactionBegan(at: desk.now)
    try desk.agent.remoteDescriptionReceived(RemoteDescription(Desk.peer), at: desk.now)
    try desk.agent.remoteCandidateReceived(host(Desk.remote), at: desk.now)
    _ = try desk.nextCheck()
    #expect(desk.now == .milliseconds(50))
  }

  @Test(
    "Of a foundation one pair is tried, its success lets the others wait (§7.2.5.3.3, pitfall 35)")
  func freezing() throws {
    var desk = try Desk(remotes: remotes(3) { _ in 1 })
    #expect(desk.pairs.map(\.state) == [.waiting, .frozen, .frozen])
    let check = try desk.nextCheck()
    #expect(try desk.wait(.milliseconds(400)).isEmpty)
    try desk.answer(check)
    #expect(desk.pairs.dropFirst().allSatisfy { $0.state != .frozen })
  }

  @Test("When none waits, a foundation that no check tries is thawed (§6.1.4.2)")
  func thawing() throws {
    var desk = try Desk(remotes: remotes(2) { _ in 1 })
    let check = try desk.nextCheck()
    desk.deliver(try desk.failure(check, .badRequest), from: check.remote)
    let next = try desk.nextCheck()
    #expect(next.remote.port == 6001)
  }

  @Test("RTO is 500 ms, or Ta for each pair that waits or is under way, if that is more (§14.3)")
  func retransmission() throws {
    var few = try Desk()
    let check = try few.nextCheck()
    let again = try few.wait(.milliseconds(501))
    #expect(again.map(\.bytes) == [check.bytes])
    // Twenty pairs wait: 20 × 50 ms.
    var many = try Desk(remotes: remotes(20))
    let first = try many.nextCheck()
    let within = try many.wait(.milliseconds(999))
    #expect(!within.contains { $0.message.transactionID == first.message.transactionID })
    #expect(
      try many.wait(.milliseconds(2)).contains {
        $0.message.transactionID == first.message.transactionID
      })
  }

  @Test("A transaction ID is never used again for another request (RFC 8489 §5)")
  func freshIDs() throws {
    var desk = try Desk(tiebreaker: 5, remotes: remotes(3))
    var bytes: [TransactionID: [UInt8]] = [:]
    for check in try desk.wait(.seconds(30)) where check.message.type == .bindingRequest {
      let known = bytes.updateValue(check.bytes, forKey: check.message.transactionID)
      #expect(known == nil || known == check.bytes)
    }
  }
}
