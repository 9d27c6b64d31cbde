import ICE
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// What a check of the peer's gets, and what it leads to (RFC 8445 §7.3).
@Suite struct CheckRequestTests {
  @Test("A check gets a protected success response with its source address (§7.3, §7.3.1.2)")
  func response() throws {
    var desk = try Desk(remotes: [])
    let request = try desk.request()
    #expect(desk.deliver(request, from: "192.0.2.1:77") == .stun)
    let response = try #require(try desk.messages().first)
    #expect(response.message.type == .bindingSuccessResponse)
    #expect(try response.message.transactionID == STUNMessage(request).transactionID)
    #expect(try response.message.xorMappedAddress == "192.0.2.1:77")
    #expect(response.remote == "192.0.2.1:77" && response.base == Desk.base)
    let key = MessageIntegrityKey(shortTermPassword: Desk.own.password)
    #expect(response.message.verifyMessageIntegrity(with: key) == .verified)
    #expect(response.message.verifyFingerprint() == .verified)
  }

  @Test("A check without FINGERPRINT is passed over, a keepalive may do without (§7.3, §11)")
  func withoutFingerprint() throws {
    var desk = try Desk(remotes: [])
    let request = try desk.request(hasFingerprint: false)
    #expect(desk.deliver(request) == .dropped(.wrongFingerprint))
    #expect(try desk.messages().isEmpty)
    let keepalive = STUNMessage.encode(
      .bindingIndication, transactionID: .random(using: &desk.generator)
    ) { (_: inout STUNMessageBuilder) in }
    #expect(desk.deliver(keepalive) == .stun)
  }

  @Test("What is missing is 400, what is wrong is 401 (RFC 8489 §9.1.3)")
  func unauthenticated() throws {
    let cases: [(String?, String?, ErrorCode)] = [
      (nil, Desk.own.password, .badRequest),
      ("ownU:peer", nil, .badRequest),
      ("ownU:peer", "wrongPasswordOf22iceChars", .unauthenticated),
      ("othr:peer", Desk.own.password, .unauthenticated),
      ("peer:ownU", Desk.own.password, .unauthenticated),
      ("ownUpeer", Desk.own.password, .unauthenticated),
    ]
    for (username, password, code) in cases {
      var desk = try Desk(remotes: [])
      let arrival = desk.deliver(try desk.request(username: username, password: password))
      #expect(arrival == .dropped(.notAuthentic))
      let response = try #require(try desk.messages().first)
      #expect(try response.message.errorCode == code)
      #expect(desk.pairs.isEmpty)
      #expect(try desk.wait(.seconds(1)).isEmpty)
    }
  }

  @Test("An attribute that must be understood and is not gets 420 (RFC 8489 §6.3.1)")
  func unknownAttribute() throws {
    var desk = try Desk(remotes: [])
    let request = try desk.request {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(AttributeType(rawValue: 0x7F00), bytes: [1, 2, 3, 4])
    }
    #expect(desk.deliver(request) == .dropped(.badRequest))
    #expect(try desk.messages().first?.message.errorCode == .unknownAttribute)
  }

  @Test(
    "A source not known is a peer-reflexive candidate of the check's priority (§7.3.1.3, pitfall 32)"
  )
  func discovery() throws {
    var desk = try Desk(remotes: [])
    desk.deliver(try desk.request(priority: 12345), from: "192.0.2.1:77")
    let pair = try #require(desk.pairs.first)
    #expect(pair.remote.type == .peerReflexive && pair.remote.priority == 12345)
    #expect(desk.actions().contains(.discovered(pair.remote, .remote, stream: 0)))
    #expect(try desk.nextCheck().remote == "192.0.2.1:77")
  }

  @Test("A priority of 0, above 2³¹ − 1 or none at all reveals no candidate (§5.1.2)")
  func badPriorities() throws {
    for priority in [nil, 0, 1 << 31, UInt32.max] as [UInt32?] {
      var desk = try Desk(remotes: [])
      #expect(desk.deliver(try desk.request(priority: priority)) == .stun)
      #expect(desk.pairs.isEmpty)
    }
  }

  @Test(
    "A check triggers one, whatever the pair's state, but for Succeeded (§7.3.1.4)",
    arguments: CandidatePair.State.allCases)
  func triggered(_ state: CandidatePair.State) throws {
    // The second pair has the foundation of the first, and so is frozen.
    let remotes = [
      host("203.0.113.8:6000", localPreference: 2), host(Desk.remote, localPreference: 1),
    ]
    var desk = try Desk(.controlled, remotes: state == .frozen ? remotes : [remotes[1]])
    let id = try #require(desk.ids.last)
    switch state {
    case .frozen: break
    case .waiting: break
    case .inProgress: _ = try desk.nextCheck()
    case .succeeded: try desk.answer(try desk.nextCheck())
    case .failed:
      let check = try desk.nextCheck()
      desk.deliver(try desk.failure(check, .badRequest))
    }
    #expect(desk.agent.checklists[id]?.state == state)
    _ = try desk.wait(.milliseconds(60))
    _ = desk.actions()
    desk.deliver(try desk.request(role: .controlling))
    let checks = try desk.wait(.milliseconds(100)).filter { $0.message.type == .bindingRequest }
    #expect(checks.contains { $0.remote == Desk.remote } == (state != .succeeded))
  }

  @Test("Triggered checks go first, in their order (§6.1.4.1, pitfall 37)")
  func queue() throws {
    let remotes = (0..<6).map { number in
      host(
        TransportAddress("203.0.113.9", port: 6000 + UInt16(number)),
        foundation: CandidateFoundation(number: UInt32(number)),
        localPreference: UInt16(1000 - number))
    }
    var desk = try Desk(remotes: remotes)
    _ = try desk.nextCheck()
    for port in [6005, 6003] as [UInt16] {
      desk.deliver(try desk.request(), from: TransportAddress("203.0.113.9", port: port))
    }
    let ports = try desk.wait(.milliseconds(160))
      .filter { $0.message.type == .bindingRequest }.map(\.remote.port)
    #expect(ports == [6005, 6003, 6001])
  }

  @Test("On a selected pair checks trigger nothing, so that there is no ping-pong (pitfall 37)")
  func noPingPong() throws {
    var desk = try Desk()
    try desk.select()
    for _ in 0..<10 {
      desk.deliver(try desk.request())
      let sent = try desk.wait(.milliseconds(100))
      #expect(sent.allSatisfy { $0.message.type == .bindingSuccessResponse })
    }
  }

  @Test("A check that comes before the description is answered, remembered and paired (§7.3)")
  func early() throws {
    var desk = try Desk(.controlled, remotes: nil)
    #expect(desk.deliver(try desk.request(use: true, role: .controlling)) == .stun)
    #expect(try desk.messages().first?.message.type == .bindingSuccessResponse)
    #expect(desk.agent.state == .new)
    try desk.agent.remoteDescriptionReceived(RemoteDescription(Desk.peer), at: desk.now)
    #expect(desk.pairs.first?.remote.type == .peerReflexive)
    try desk.answer(try desk.nextCheck())
    // Its nomination is remembered, too.
    #expect(desk.component.isSelected)
  }

  @Test("Early checks are remembered within a bound, and each place once")
  func earlyBound() throws {
    var desk = try Desk(.controlled, remotes: nil)
    for port in 1...100 as ClosedRange<UInt16> {
      for _ in 0..<2 {
        let source = TransportAddress("192.0.2.1", port: port)
        desk.deliver(try desk.request(role: .controlling), from: source)
      }
    }
    #expect(desk.agent.drops[.tooManyEarlyChecks] == 2 * (100 - 32))
    try desk.agent.remoteDescriptionReceived(RemoteDescription(Desk.peer), at: desk.now)
    #expect(desk.pairs.count <= 32)
  }

  @Test("A check with the fragment of another generation is answered and reveals nothing")
  func otherGeneration() throws {
    var desk = try Desk(remotes: [])
    #expect(desk.deliver(try desk.request(username: "ownU:former")) == .dropped(.otherGeneration))
    #expect(try desk.messages().first?.message.type == .bindingSuccessResponse)
    #expect(desk.pairs.isEmpty)
  }

  /// The table of RFC 8445 §7.3.1.1: own role, own and the peer's tiebreaker, and what happens.
  @Test("In a role conflict the larger tiebreaker controls, and equal ones are the asked agent's")
  func roleConflicts() throws {
    for (own, theirs) in [(5, 4), (5, 5), (4, 5)] as [(UInt64, UInt64)] {
      for role in AgentRole.allCases {
        var desk = try Desk(role, tiebreaker: own)
        let keepsControl = own >= theirs
        desk.deliver(try desk.request(role: role, tiebreaker: theirs))
        let response = try #require(
          try desk.messages().first { $0.message.type != .bindingRequest })
        let isRefused = role == .controlling ? keepsControl : !keepsControl
        #expect(try response.message.errorCode == (isRefused ? .roleConflict : nil))
        #expect(desk.agent.role == (keepsControl ? .controlling : .controlled))
        #expect(desk.agent.checklists.role == desk.agent.role)
      }
    }
  }
}
