import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// What the response to a check leads to (RFC 8445 §7.2.5).
@Suite struct CheckResponseTests {
  @Test("A success makes the pair valid, over which data may be sent (§7.2.5.3, §12.1)")
  func success() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    #expect(desk.pairs[0].state == .inProgress)
    #expect(try desk.answer(check) == .stun)
    #expect(desk.component.isConnected)
    #expect(desk.agent.pair()?.remote.address == Desk.remote)
  }

  @Test(
    "A response from another address than the asked one fails the check (§7.2.5.2.1, pitfall 34)")
  func asymmetricSource() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    desk.deliver(try desk.success(check), from: "203.0.113.9:6001")
    #expect(desk.pairs[0].state == .failed)
    #expect(
      desk.agent.explanation(of: desk.ids[0])
        == .failed(.notSymmetric(from: "203.0.113.9:6001", to: Desk.base)))
  }

  @Test("A response to another base than the asking one fails the check (§7.2.5.2.1)")
  func asymmetricBase() throws {
    var desk = try Desk(local: [.host(Desk.base), .host("10.0.0.3:5000")])
    let check = try desk.nextCheck()
    let other: TransportAddress = check.base == Desk.base ? "10.0.0.3:5000" : Desk.base
    desk.deliver(try desk.success(check), from: check.remote, to: other)
    #expect(desk.pairs.contains { $0.base == check.base && $0.state == .failed })
  }

  @Test("A response from elsewhere does not end a pair that is valid already (§7.2.5.2.1)")
  func asymmetricNomination() throws {
    var desk = try Desk()
    try desk.answer(try desk.nextCheck())
    let nomination = try desk.nextCheck()
    #expect(
      desk.deliver(try desk.success(nomination), from: "203.0.113.9:6001")
        == .dropped(.asymmetricResponse))
    #expect(desk.component.isConnected)
    try desk.answer(nomination)
    #expect(desk.component.isSelected)
  }

  @Test("A response without FINGERPRINT is as if it had never come (§7.2.4)")
  func withoutFingerprint() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    let bare = try desk.success(check, hasFingerprint: false)
    #expect(desk.deliver(bare) == .dropped(.wrongFingerprint))
    #expect(desk.pairs[0].state == .inProgress)
  }

  @Test("A response without the right integrity is as if it had never come (RFC 8489 §9.1.4)")
  func forged() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    let wrong = try desk.success(check, password: "anotherPasswordOf22chars")
    #expect(desk.deliver(wrong) == .dropped(.forgedResponse))
    let bare = try desk.failure(check, .badRequest, password: nil)
    #expect(desk.deliver(bare) == .dropped(.forgedResponse))
    #expect(desk.pairs[0].state == .inProgress)
    try desk.answer(check)
    #expect(desk.component.isConnected)
  }

  @Test("No response fails the pair after 39.5 s (§7.2.5.2.3)")
  func timeout() throws {
    var desk = try Desk()
    let checks = try desk.wait(.milliseconds(39_499))
    #expect(checks.count == 7)
    #expect(desk.pairs[0].state == .inProgress)
    try desk.wait(.milliseconds(1))
    #expect(desk.agent.explanation(of: desk.ids[0]) == .failed(.timedOut))
  }

  @Test("An error other than 487 fails the pair (§7.2.5.2.4)")
  func refused() throws {
    for code in [ErrorCode.badRequest, .unauthenticated, .serverError, .unknownAttribute] {
      var desk = try Desk()
      let check = try desk.nextCheck()
      desk.deliver(try desk.failure(check, code))
      #expect(desk.agent.explanation(of: desk.ids[0]) == .failed(.refused(code)))
    }
  }

  @Test("An ICMP error fails a check under way, and no valid pair (§7.2.5.2.2)")
  func icmp() throws {
    var desk = try Desk()
    _ = try desk.nextCheck()
    desk.agent.unreachable(Desk.remote, from: Desk.base, at: desk.now)
    #expect(desk.agent.explanation(of: desk.ids[0]) == .failed(.unreachable))
    var valid = try Desk()
    try valid.answer(try valid.nextCheck())
    _ = try valid.nextCheck()
    valid.agent.unreachable(Desk.remote, from: Desk.base, at: valid.now)
    #expect(valid.component.isConnected)
  }

  @Test("A mapped address that nobody gathered is a peer-reflexive candidate (§7.2.5.3.1)")
  func discovery() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    _ = desk.actions()
    try desk.answer(check, mapped: "203.0.113.7:40001")
    let local = try #require(desk.agent.pair()?.local)
    #expect(local.type == .peerReflexive && local.address == "203.0.113.7:40001")
    #expect(local.base == Desk.base)
    #expect(local.priority == (try check.message.priority))
    #expect(desk.actions().contains(.discovered(local, .local, stream: 0)))
    // It is paired with nothing: the pairs would be redundant.
    #expect(desk.pairs.count == 1)
  }

  @Test("The valid pair has the local candidate of the mapped address (§7.2.5.3.2)")
  func validPair() throws {
    var desk = try Desk(
      local: [.host(Desk.base), .serverReflexive("203.0.113.7:40000", base: Desk.base)])
    try desk.answer(try desk.nextCheck(), mapped: "203.0.113.7:40000")
    #expect(desk.agent.pair()?.local.type == .serverReflexive)
  }

  @Test("487 switches the role, changes the tiebreaker and repeats the check (§7.2.5.1)")
  func roleConflict() throws {
    for role in AgentRole.allCases {
      var desk = try Desk(role, tiebreaker: 77)
      let check = try desk.nextCheck()
      desk.deliver(try desk.failure(check, .roleConflict))
      #expect(desk.agent.role == role.opposite)
      #expect(desk.actions().contains(.role(role.opposite)))
      let again = try desk.nextCheck()
      #expect(again.message.transactionID != check.message.transactionID)
      let tiebreaker =
        try role == .controlling ? again.message.iceControlled : again.message.iceControlling
      #expect(tiebreaker != nil && tiebreaker != 77)
    }
  }

  @Test("A late 487 does not switch the role a second time (§7.2.5.1, pitfall 33)")
  func lateRoleConflict() throws {
    let remotes = [host(Desk.remote), host("203.0.113.10:6000", foundation: "2")]
    var desk = try Desk(.controlling, remotes: remotes)
    let checks = try desk.wait(.milliseconds(60))
    #expect(checks.count == 2)
    for check in checks { desk.deliver(try desk.failure(check, .roleConflict), from: check.remote) }
    #expect(desk.agent.role == .controlled)
    // Both are repeated in the new role.
    let again = try desk.wait(.milliseconds(120))
    #expect(try again.allSatisfy { try $0.message.iceControlled != nil })
    #expect(Set(again.map(\.remote)) == Set(checks.map(\.remote)))
  }

  @Test("The response to a check that a triggered one has replaced still counts (§7.3.1.4)")
  func replacedCheck() throws {
    var desk = try Desk()
    let first = try desk.nextCheck()
    desk.deliver(try desk.request())
    let second = try desk.nextCheck()
    #expect(second.message.transactionID != first.message.transactionID)
    try desk.answer(first)
    #expect(desk.component.isConnected)
  }
}
