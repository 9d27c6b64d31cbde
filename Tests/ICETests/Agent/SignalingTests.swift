import ICE
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Candidates that come late, early or not at all (RFC 8838), restarts (RFC 8445 §9), lite agents.
@Suite struct SignalingTests {
  @Test("Candidates that come before the description are kept until it comes")
  func beforeDescription() throws {
    var desk = try Desk(remotes: nil)
    try desk.agent.remoteCandidateReceived(host(Desk.remote), at: desk.now)
    #expect(desk.pairs.isEmpty && desk.agent.nextDeadline == nil)
    try desk.agent.remoteDescriptionReceived(RemoteDescription(Desk.peer), at: desk.now)
    #expect(try desk.nextCheck().remote == Desk.remote)
  }

  @Test("A late local candidate is paired with the remote ones that came before")
  func lateLocal() throws {
    var desk = try Desk()
    try desk.agent.gathered(.host("10.0.0.3:5000", localPreference: 1), at: desk.now)
    #expect(Set(desk.pairs.map(\.base)) == [Desk.base, "10.0.0.3:5000"])
  }

  @Test(
    "After the end of candidates only checks reveal further ones (RFC 8838 §14, pitfall 42)")
  func endOfCandidates() throws {
    var desk = try Desk(remotes: [])
    try desk.agent.remoteCandidatesEnded(at: desk.now)
    try desk.agent.remoteCandidateReceived(host(Desk.remote), at: desk.now)
    #expect(desk.pairs.isEmpty && desk.agent.drops[.afterEndOfCandidates] == 1)
    desk.deliver(try desk.request(), from: "192.0.2.1:1")
    #expect(desk.pairs.count == 1)
    try desk.agent.gatheringFinished(at: desk.now)
    #expect(throws: AgentError.gatheringFinished(stream: 0)) {
      try desk.agent.gathered(.host("10.0.0.9:1"), at: desk.now)
    }
  }

  @Test(
    "A peer-reflexive candidate that is signaled later keeps its pair, its state, its nomination")
  func replacement() throws {
    var desk = try Desk(.controlled, remotes: [])
    desk.deliver(try desk.request(use: true, role: .controlling, priority: 99), from: "192.0.2.1:1")
    let id = try #require(desk.ids.first)
    let check = try desk.nextCheck()
    let signaled = Candidate(
      remote: .serverReflexive, "192.0.2.1:1", foundation: "s", priority: 1_694_498_815)
    try desk.agent.remoteCandidateReceived(signaled, at: desk.now)
    #expect(desk.ids == [id])
    #expect(desk.agent.checklists[id]?.remote == signaled)
    #expect(desk.agent.checklists[id]?.state == .inProgress)
    try desk.answer(check)
    #expect(desk.component == .selected(id))
  }

  @Test("Candidates that no check may be sent to are counted, and are no errors")
  func unusable() throws {
    var desk = try Desk(remotes: [])
    for address in ["0.0.0.0:1", "224.0.0.1:1", "255.255.255.255:1", "10.0.0.1:0", "[::]:1"]
      as [TransportAddress]
    {
      try desk.agent.remoteCandidateReceived(host(address), at: desk.now)
    }
    #expect(desk.agent.drops[.unusableAddress] == 5)
    try desk.agent.remoteCandidateReceived(host("10.0.0.1:1", transport: .tcp), at: desk.now)
    #expect(desk.agent.drops[.transport(.tcp)] == 1)
    for priority in [0, UInt32.max] as [UInt32] {
      try desk.agent.remoteCandidateReceived(
        Candidate(remote: .host, "10.0.0.1:1", foundation: "1", priority: priority), at: desk.now)
    }
    #expect(desk.agent.drops[.priority] == 2)
    #expect(desk.pairs.isEmpty)
  }

  @Test("A candidate with a name to be resolved is left out, and holds up nothing (pitfall 43)")
  func names() throws {
    var desk = try Desk(remotes: nil)
    let description = try ICEDescription(
      parsing: """
        a=ice-ufrag:peer
        a=ice-pwd:\(Desk.peer.password)
        m=audio 9 RTP/AVP 0
        a=candidate:1 1 UDP 2130706431 4a0c6d7e-12.local 5000 typ host
        a=candidate:2 1 UDP 1694498815 203.0.113.9 6000 typ srflx raddr 0.0.0.0 rport 0
        a=candidate:3 1 UDP 2130706430 host.example 5000 typ host
        a=candidate:4 1 TCP 1518280447 203.0.113.9 9 typ host tcptype active
        a=candidate:5 1 SSLTCP 1518280446 203.0.113.9 443 typ host
        """)
    // The same description again leaves nothing out twice.
    for _ in 0..<2 { try desk.agent.remoteDescriptionReceived(description, at: desk.now) }
    let leftOut = desk.agent.leftOutCandidates
    #expect(
      leftOut.map(\.reason) == [.name, .name, .transport("TCP"), .transport("SSLTCP")])
    #expect(leftOut[0].description.hasPrefix("host 4a0c6d7e-12.local:5000: only mDNS resolves"))
    #expect(leftOut[1].description.hasSuffix("this agent resolves no names (RFC 8839 §5.1)"))
    #expect(desk.agent.explanation.contains("left out: host 203.0.113.9:9: this agent does not"))
    #expect(try desk.nextCheck().remote == Desk.remote)
    #expect(desk.now == .zero && desk.pairs.count == 1)
  }

  @Test("A candidate with a zone is left out with its reason, and the others stay (pitfall 43)")
  func zones() throws {
    var desk = try Desk(remotes: nil)
    let description = try ICEDescription(
      parsing: """
        a=ice-ufrag:peer
        a=ice-pwd:\(Desk.peer.password)
        m=audio 9 RTP/AVP 0
        a=candidate:1 1 UDP 2130706431 fe80::1%eth0 5000 typ host
        a=candidate:2 1 UDP 1694498815 203.0.113.9 6000 typ srflx raddr 0.0.0.0 rport 0
        """)
    try desk.agent.remoteDescriptionReceived(description, at: desk.now)
    #expect(desk.agent.leftOutCandidates.map(\.reason) == [.zone])
    #expect(
      desk.agent.leftOutCandidates.map(\.description) == [
        "host [fe80::1%eth0]:5000: "
          + "a zone leads somewhere on the peer's own host alone (RFC 4007 §11.2)"
      ])
    #expect(try desk.nextCheck().remote == Desk.remote)
  }

  @Test("However many names a peer signals, as many are kept as there may be pairs")
  func manyNames() throws {
    var configuration = ICEConfiguration()
    configuration.pairLimit = 5
    var desk = try Desk(configuration: configuration)
    for number in 0..<50 {
      let line = try CandidateAttribute(
        parsing: "candidate:1 1 UDP 2130706431 \(number)a.local 5000 typ host")
      try desk.agent.remoteCandidateReceived(line, at: desk.now)
    }
    #expect(desk.agent.leftOutCandidates.count == 5)
    desk.agent.restarted(at: desk.now, using: &desk.generator)
    #expect(desk.agent.leftOutCandidates == [])
  }

  @Test(
    "When consent to an earlier generation's pair ends, the new one goes on looking for its own")
  func formerConsent() throws {
    var desk = try Desk()
    try desk.select()
    let pair = try #require(desk.agent.pair())
    desk.agent.restarted(at: desk.now, using: &desk.generator)
    _ = desk.actions()
    var ended = false
    while let deadline = desk.agent.nextDeadline, deadline < .seconds(40) {
      desk.now = deadline
      desk.agent.timerFired(at: deadline, using: &desk.generator)
      if desk.actions().contains(.ended(pair, StreamComponent(), .consentExpired)) { ended = true }
    }
    #expect(ended && desk.agent.pair() == nil)
    #expect(desk.component == .new)
  }

  @Test("A relayed candidate is a base as any other: checks go out from it")
  func relayed() throws {
    var desk = try Desk(local: [.relayed("198.51.100.1:49152", mapped: "203.0.113.7:4")])
    #expect(try desk.nextCheck().base == "198.51.100.1:49152")
  }

  @Test("What is not STUN is the application's, of the base's component (RFC 7983 §7)")
  func data() throws {
    var desk = try Desk()
    for first in [20, 63, 64, 79, 128, 191] as [UInt8] {
      #expect(desk.deliver([first, 0, 0, 0]) == .data(StreamComponent()))
    }
    #expect(desk.deliver([0, 1, 2, 3]) == .dropped(.notSTUN))
    #expect(desk.deliver([128], to: "10.9.9.9:1") == .dropped(.unknownBase))
  }

  @Test("The caller's mistakes are errors")
  func mistakes() throws {
    var generator = SeededGenerator(seed: 1)
    #expect(throws: AgentError.noComponents) {
      try ICEAgent(role: .controlling, streams: [], using: &generator)
    }
    var fast = ICEConfiguration()
    fast.pacing = .milliseconds(4)
    #expect(throws: AgentError.pacing(.milliseconds(4))) {
      try ICEAgent(role: .controlling, configuration: fast, using: &generator)
    }
    var desk = try Desk()
    #expect(throws: AgentError.noStream(1)) {
      try desk.agent.gathered(.host("10.0.0.9:1"), stream: 1, at: desk.now)
    }
    #expect(throws: AgentError.noComponent(StreamComponent(component: 2))) {
      try desk.agent.gathered(.host("10.0.0.9:1", component: 2), at: desk.now)
    }
    #expect(throws: AgentError.transport(.tcp)) {
      try desk.agent.gathered(.host("10.0.0.9:1", transport: .tcp), at: desk.now)
    }
    let other = try ICECredentials(
      usernameFragment: "othr", password: "otherPasswordOf22iceChar")
    #expect(throws: AgentError.restartNeeded) {
      try desk.agent.remoteDescriptionReceived(RemoteDescription(other), at: desk.now)
    }
    #expect(throws: ICECredentialsError.usernameFragment("abc")) {
      try ICECredentials(usernameFragment: "abc", password: other.password)
    }
    #expect(throws: ICECredentialsError.password(characterCount: 21)) {
      try ICECredentials(usernameFragment: "abcd", password: "123456789012345678901")
    }
    #expect(throws: ICECredentialsError.usernameFragment("ab:d")) {
      try ICECredentials(usernameFragment: "ab:d", password: other.password)
    }
  }

  // MARK: Restart

  @Test(
    "A restart has new credentials and no pairs; data goes on over the old pair (§9, pitfall 41)")
  func restart() throws {
    var desk = try Desk()
    try desk.select()
    let old = try #require(desk.agent.pair())
    let credentials = desk.agent.credentials
    desk.agent.restarted(at: desk.now, using: &desk.generator)
    #expect(desk.agent.credentials.usernameFragment != credentials.usernameFragment)
    #expect(desk.agent.credentials.password != credentials.password)
    #expect(desk.agent.generation == 1 && desk.agent.state == .new && desk.pairs.isEmpty)
    #expect(desk.agent.pair() == old)
    // Consent to the old pair is asked and given with the old credentials.
    let check = try desk.nextCheck(within: .seconds(7))
    #expect(try check.message.username == "peer:ownU")
    try desk.answer(check)
    desk.deliver(try desk.request())
    #expect(try desk.messages().first?.message.type == .bindingSuccessResponse)
    #expect(desk.pairs.isEmpty)
  }

  @Test("Responses to checks of the former generation change nothing in the new one (§9)")
  func formerChecks() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    desk.agent.restarted(at: desk.now, using: &desk.generator)
    #expect(try desk.answer(check) == .dropped(.unknownBase))
    try desk.agent.gathered(.host(Desk.base), at: desk.now)
    #expect(try desk.answer(check) == .dropped(.unknownTransaction))
    #expect(try desk.wait(.seconds(100)).isEmpty)
  }

  @Test("A restart with half of the old credentials is refused (RFC 8445 §9)")
  func sameCredentials() throws {
    let halves = [
      Desk.own,
      try ICECredentials(usernameFragment: "ownU", password: Desk.peer.password),
      try ICECredentials(usernameFragment: "newU", password: Desk.own.password),
    ]
    for credentials in halves {
      var desk = try Desk()
      #expect(throws: AgentError.sameCredentials) {
        try desk.agent.restarted(with: credentials, at: desk.now)
      }
      #expect(desk.agent.generation == 0 && desk.agent.credentials == Desk.own)
    }
    var desk = try Desk()
    try desk.agent.restarted(with: Desk.peer, at: desk.now)
    #expect(desk.agent.generation == 1 && desk.agent.credentials == Desk.peer)
  }

  @Test(
    "Two agents restart in the middle of a call, and of gathering, and meet again",
    arguments: 0..<20)
  func restartBoth(_ seed: UInt64) throws {
    var world = try World(
      .behind(.endpoint, .addressAndPort, 0), .behind(.address, .address, 1),
      path: .init(jitter: .milliseconds(20), lossPercent: 10), seed: seed)
    if seed % 2 == 0 {
      try world.connect()
    } else {
      // Still gathering and checking.
      try world.describe(0)
      try world.describe(1)
      try world.run(until: .milliseconds(Int64(seed) * 15))
    }
    world.restart()
    try world.describe(0, spread: .milliseconds(80))
    try world.describe(1, spread: .milliseconds(80))
    try world.run(until: .seconds(300)) { !$0.isOver }
    #expect(world.agents.allSatisfy { $0.state == .completed && $0.generation == 1 })
    #expect(world.selectsTheSame)
  }

  // MARK: Lite

  private var lite: ICEConfiguration {
    var configuration = ICEConfiguration()
    configuration.isLite = true
    return configuration
  }

  @Test(
    "A lite agent answers every check, sends none, takes what is nominated (§7.3.2, pitfall 45)")
  func liteAgent() throws {
    var desk = try Desk(.controlled, configuration: lite)
    #expect(try desk.wait(.seconds(5)).isEmpty)
    desk.deliver(try desk.request(role: .controlling))
    #expect(try desk.messages().map(\.message.type) == [.bindingSuccessResponse])
    #expect(desk.component == .checking)
    desk.deliver(try desk.request(use: true, role: .controlling))
    #expect(desk.component.isSelected)
    #expect(throws: AgentError.liteCandidate(.relayed)) {
      try desk.agent.gathered(.relayed("198.51.100.1:1", mapped: "10.0.0.2:1"), at: desk.now)
    }
  }

  @Test("The full agent of a full and a lite one controls (§6.1.1)")
  func liteRoles() throws {
    #expect(try Desk(.controlling, configuration: lite).agent.role == .controlled)
    #expect(try Desk(.controlled, peerIsLite: true).agent.role == .controlling)
    let both = try Desk(.controlling, configuration: lite, peerIsLite: true)
    #expect(both.agent.role == .controlling)
  }

  @Test("A lite peer that answers only checks with USE-CANDIDATE is reached (pitfall 45)")
  func deafLitePeer() throws {
    var desk = try Desk(peerIsLite: true)
    #expect(!(try desk.nextCheck().useCandidate))
    let nomination = try #require(try desk.wait(.milliseconds(600)).first { $0.useCandidate })
    try desk.answer(nomination)
    #expect(desk.component.isSelected)
  }

  @Test("A full agent connects with a lite one, and two lite ones without any check (§8.2)")
  func liteWorlds() throws {
    for configurations in [[ICEConfiguration(), lite], [lite, ICEConfiguration()], [lite, lite]] {
      var world = try World(.open(0), .open(1), configurations: configurations)
      try world.connect()
      #expect(world.agents.allSatisfy { $0.state == .completed })
      #expect(world.selectsTheSame)
      if configurations.allSatisfy(\.isLite) { #expect(world.sent.isEmpty) }
    }
  }
}
