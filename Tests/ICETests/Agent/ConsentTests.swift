import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// The peer's consent to get data (RFC 7675), and keepalives (RFC 8445 §11).
@Suite struct ConsentTests {
  private func requests(_ checks: [Desk.Check]) -> [Desk.Check] {
    checks.filter { $0.message.type == .bindingRequest }
  }

  @Test(
    "Consent is checked every 4 to 6 s, each time with a new request (RFC 7675 §5.1, pitfall 40)")
  func period() throws {
    var desk = try Desk()
    try desk.select()
    var last = desk.now
    var ids: Set<TransactionID> = []
    for _ in 0..<50 {
      let check = try desk.nextCheck(within: .seconds(7))
      #expect((Duration.seconds(4)...Duration.seconds(6)).contains(last.duration(to: desk.now)))
      #expect(ids.insert(check.message.transactionID).inserted)
      #expect(check.remote == Desk.remote && check.base == Desk.base && !check.useCandidate)
      last = desk.now
      try desk.answer(check)
    }
    #expect(desk.component.isSelected)
  }

  @Test("The periods are drawn anew, so that agents do not beat together (RFC 7675 §5.1)")
  func jitter() throws {
    var desk = try Desk()
    try desk.select()
    var times: Set<Instant> = []
    var last = desk.now
    for _ in 0..<20 {
      try desk.answer(try desk.nextCheck(within: .seconds(7)))
      times.insert(Instant.zero.advanced(by: last.duration(to: desk.now)))
      last = desk.now
    }
    #expect(times.count > 10)
  }

  @Test("Without a valid response consent ends 30 s after the last one (RFC 7675 §5.1, pitfall 40)")
  func expiry() throws {
    var desk = try Desk()
    try desk.select()
    try desk.answer(try desk.nextCheck(within: .seconds(7)))
    let last = desk.now
    try desk.wait(.milliseconds(29_999))
    #expect(desk.component.isSelected && desk.agent.pair() != nil)
    let pair = try #require(desk.agent.pair())
    desk.now = desk.now.advanced(by: .milliseconds(1))
    desk.agent.timerFired(at: desk.now, using: &desk.generator)
    #expect(last.duration(to: desk.now) == .seconds(30))
    #expect(desk.actions().contains(.ended(pair, StreamComponent(), .consentExpired)))
    #expect(desk.component == .failed(.consentExpired))
    #expect(desk.agent.pair() == nil)
    #expect(desk.agent.state == .failed(.consentExpired))
    #expect(try desk.wait(.seconds(60)).isEmpty)
  }

  @Test("A pair that is valid and not nominated lives by its consent, too (RFC 7675 §5.1)")
  func beforeNomination() throws {
    var desk = try Desk(.controlled)
    try desk.answer(try desk.nextCheck())
    let start = desk.now
    let pair = try #require(desk.agent.pair())
    _ = desk.actions()
    let check = try desk.nextCheck(within: .seconds(7))
    #expect((Duration.seconds(4)...Duration.seconds(6)).contains(start.duration(to: desk.now)))
    #expect(check.remote == Desk.remote && check.base == Desk.base && !check.useCandidate)
    try desk.wait(.milliseconds(29_999) - start.duration(to: desk.now))
    #expect(desk.agent.pair() == pair)
    desk.now = desk.now.advanced(by: .milliseconds(1))
    desk.agent.timerFired(at: desk.now, using: &desk.generator)
    #expect(desk.agent.pair() == nil)
    #expect(desk.actions().contains(.ended(pair, StreamComponent(), .consentExpired)))
    #expect(desk.component == .checking)
    #expect(desk.agent.explanation(of: desk.ids[0]) == .failed(.consentExpired))
    // The peer's check leads to a new one, and that gives consent again.
    desk.deliver(try desk.request(use: true, role: .controlling))
    try desk.answer(try desk.nextCheck())
    #expect(desk.component.isSelected)
  }

  @Test("Consent counts from the last valid response and not from the selection (RFC 7675 §5.1)")
  func countsFromResponse() throws {
    var desk = try Desk(.controlled)
    try desk.answer(try desk.nextCheck())
    let start = desk.now
    try desk.wait(.seconds(20))
    desk.deliver(try desk.request(use: true, role: .controlling))
    #expect(desk.component.isSelected)
    try desk.wait(.milliseconds(9_999))
    #expect(desk.component.isSelected)
    try desk.wait(.milliseconds(1))
    #expect(start.duration(to: desk.now) == .seconds(30))
    #expect(desk.component == .failed(.consentExpired))
  }

  @Test("So it does for a valid pair that was not in use, whose check is then due at once")
  func countsFromCheck() throws {
    let other: TransportAddress = "203.0.113.10:6000"
    var desk = try Desk(
      .controlled,
      remotes: [
        host(Desk.remote),
        Candidate(
          remote: .serverReflexive, other, foundation: "2", priority: 1_694_498_815),
      ])
    let checks = try desk.wait(.milliseconds(60))
    for check in checks { try desk.answer(check) }
    let start = desk.now
    try desk.wait(.seconds(20))
    desk.deliver(try desk.request(use: true, role: .controlling), from: other)
    #expect(desk.agent.pair()?.remote.address == other)
    let now = desk.now
    #expect(try desk.nextCheck(within: .seconds(7)).remote == other && desk.now == now)
    try desk.wait(.milliseconds(9_999))
    #expect(desk.component.isSelected)
    try desk.wait(.milliseconds(1))
    #expect(start.duration(to: desk.now) == .seconds(30))
    #expect(desk.component == .failed(.consentExpired))
  }

  @Test("A pair that was valid long ago is checked again before data goes over it")
  func staleNomination() throws {
    let other: TransportAddress = "203.0.113.10:6000"
    var desk = try Desk(
      .controlled,
      remotes: [
        host(Desk.remote),
        Candidate(
          remote: .serverReflexive, other, foundation: "2", priority: 1_694_498_815),
      ])
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    // Consent is kept for the pair in use, which is the better one.
    while desk.now < .seconds(35) {
      let check = try desk.nextCheck(within: .seconds(7))
      #expect(check.remote == Desk.remote)
      try desk.answer(check)
    }
    desk.deliver(try desk.request(use: true, role: .controlling), from: other)
    #expect(desk.component.isConnected)
    let check = try desk.nextCheck()
    #expect(check.remote == other)
    try desk.answer(check)
    #expect(desk.component.isSelected && desk.agent.pair()?.remote.address == other)
  }

  @Test("A valid pair whose consent the peer revokes makes room for the next one (RFC 7675 §5.2)")
  func revokedBeforeNomination() throws {
    let other: TransportAddress = "203.0.113.10:6000"
    var desk = try Desk(
      .controlled,
      remotes: [
        host(Desk.remote),
        Candidate(
          remote: .serverReflexive, other, foundation: "2", priority: 1_694_498_815),
      ])
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    let check = try desk.nextCheck(within: .seconds(7))
    desk.deliver(try desk.failure(check, .forbidden))
    #expect(desk.component.isConnected && desk.agent.pair()?.remote.address == other)
    #expect(desk.agent.explanation(of: desk.ids[0]) == .failed(.refused(.forbidden)))
  }

  @Test("After a restart a valid pair that was in use stays in use, as long as there is consent")
  func restartBeforeNomination() throws {
    var desk = try Desk(.controlled)
    try desk.answer(try desk.nextCheck())
    let pair = try #require(desk.agent.pair())
    desk.agent.restarted(at: desk.now, using: &desk.generator)
    #expect(desk.agent.pair() == pair)
    try desk.answer(try desk.nextCheck(within: .seconds(7)))
    try desk.wait(.milliseconds(29_999))
    #expect(desk.agent.pair() == pair)
    try desk.wait(.milliseconds(1))
    #expect(desk.agent.pair() == nil)
  }

  @Test("A late response, and one after several lost ones, prolongs consent")
  func lateResponse() throws {
    var desk = try Desk()
    try desk.select()
    let first = try desk.nextCheck(within: .seconds(7))
    try desk.wait(.seconds(20))
    try desk.answer(first)
    try desk.wait(.milliseconds(29_999))
    #expect(desk.component.isSelected)
  }

  @Test("What is not authentic, or comes by another path, gives no consent (RFC 7675 §5.1)")
  func forged() throws {
    var desk = try Desk()
    try desk.select()
    for _ in 0..<4 {
      let check = try desk.nextCheck(within: .seconds(7))
      let forged = try desk.success(check, password: "anotherPasswordOf22chars")
      #expect(desk.deliver(forged) == .dropped(.forgedResponse))
      // An established pair does not end by it, either.
      #expect(
        desk.deliver(try desk.success(check), from: "203.0.113.99:1")
          == .dropped(.asymmetricResponse))
      // Requests and data that come in are no consent to send.
      desk.deliver(try desk.request())
      desk.deliver([0x80, 0, 0, 0])
      _ = desk.actions()
    }
    try desk.wait(.seconds(12))
    #expect(desk.component == .failed(.consentExpired))
  }

  @Test("An authentic 403 ends consent at once, a forged one does nothing (RFC 7675 §5.2)")
  func revoked() throws {
    var desk = try Desk()
    try desk.select()
    let check = try desk.nextCheck(within: .seconds(7))
    desk.deliver(try desk.failure(check, .forbidden, password: nil))
    #expect(desk.component.isSelected)
    desk.deliver(try desk.failure(check, .forbidden))
    #expect(desk.component == .failed(.consentRevoked))
  }

  @Test("Another error revokes nothing and gives nothing")
  func otherError() throws {
    var desk = try Desk()
    try desk.select()
    let check = try desk.nextCheck(within: .seconds(7))
    #expect(
      desk.deliver(try desk.failure(check, .serverError)) == .dropped(.consentError(.serverError)))
    #expect(desk.component.isSelected)
  }

  @Test("A lite peer's consent checks have USE-CANDIDATE, which some lite peers wait for")
  func litePeer() throws {
    var desk = try Desk(peerIsLite: true)
    try desk.select()
    #expect(try desk.nextCheck(within: .seconds(7)).useCandidate)
  }

  @Test("Without consent checks a Binding indication keeps the path open every 15 s (§11)")
  func keepalive() throws {
    var configuration = ICEConfiguration()
    configuration.checksConsent = false
    var desk = try Desk(configuration: configuration)
    try desk.select()
    let sent = try desk.wait(.seconds(46))
    #expect(sent.count == 3)
    #expect(sent.allSatisfy { $0.message.type == .bindingIndication && $0.remote == Desk.remote })
    #expect(sent.allSatisfy { $0.message.verifyFingerprint() == .verified })
    #expect(desk.component.isSelected)
  }

  @Test("Two agents keep one another's consent for an hour, and lose it when the path breaks")
  func anHour() throws {
    var world = try World(.open(0), .open(1), path: .init(lossPercent: 5), seed: 5)
    try world.connect()
    try world.run(until: .seconds(3600))
    #expect(world.agents.allSatisfy { $0.state == .completed })
    world.isCut = [true, true]
    try world.run(until: .seconds(3660))
    #expect(world.agents.allSatisfy { $0.state == .failed(.consentExpired) })
  }
}
