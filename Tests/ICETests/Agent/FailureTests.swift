import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// When an agent gives up, and why (RFC 8445 §8.1.2, RFC 8863).
@Suite struct FailureTests {
  private func run(_ desk: inout Desk, until end: Instant = .seconds(200)) throws {
    try desk.wait(desk.now.duration(to: end))
  }

  /// Answers for a minute what comes from one base: consent checks of its selected pair.
  private func consent(_ desk: inout Desk, from base: TransportAddress = Desk.base) throws {
    for _ in 0..<60 {
      for check in try desk.wait(.seconds(1))
      where check.message.type == .bindingRequest && check.base == base {
        try desk.answer(check)
      }
    }
  }

  @Test(
    "Failure is declared with the patience, not the last failed pair (RFC 8863 §4, pitfall 38)")
  func patience() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    desk.deliver(try desk.failure(check, .badRequest))
    try desk.wait(.milliseconds(39_499))
    #expect(desk.component == .checking)
    // The peer may still come from an address that nobody knows.
    desk.deliver(try desk.request(), from: "192.0.2.1:1")
    try desk.answer(try desk.nextCheck())
    #expect(desk.component.isConnected)
  }

  @Test("With the patience over and no pair left the component fails (RFC 8863 §4)")
  func failed() throws {
    var desk = try Desk(isGathered: true)
    desk.deliver(try desk.failure(try desk.nextCheck(), .badRequest))
    try desk.wait(.milliseconds(39_500))
    #expect(desk.component == .failed(.noPairSucceeded))
    #expect(desk.agent.state == .failed(.noPairSucceeded))
    #expect(desk.agent.explanation(of: StreamComponent()) == .failed(.noPairSucceeded))
  }

  @Test("A check that is under way when the patience ends is waited for")
  func underWay() throws {
    var desk = try Desk(remotes: [], isGathered: true)
    try desk.wait(.seconds(20))
    try desk.agent.remoteCandidateReceived(host(Desk.remote), at: desk.now)
    try desk.wait(.seconds(39))
    #expect(desk.component == .checking)
    try desk.wait(.seconds(1))
    #expect(desk.component == .failed(.noPairSucceeded))
  }

  /// An agent whose peer has described itself and has, or has not, the option `trickle`.
  private func described(trickles: Bool) throws -> Desk {
    var desk = try Desk(remotes: nil)
    try desk.agent.remoteDescriptionReceived(
      RemoteDescription(Desk.peer, trickles: trickles), at: desk.now)
    return desk
  }

  @Test("Nothing fails while candidates may still come, of either agent (RFC 8838 §8)")
  func mayStillCome() throws {
    for ownIsLast in [true, false] {
      var desk = try described(trickles: true)
      try desk.wait(.seconds(50))
      #expect(desk.component == .checking)
      if ownIsLast { try desk.agent.remoteCandidatesEnded(at: desk.now) }
      if !ownIsLast { try desk.agent.gatheringFinished(at: desk.now) }
      #expect(desk.component == .checking)
      if ownIsLast { try desk.agent.gatheringFinished(at: desk.now) }
      if !ownIsLast { try desk.agent.remoteCandidatesEnded(at: desk.now) }
      #expect(desk.component == .failed(.noRemoteCandidate))
    }
  }

  @Test("A candidate that comes after the patience, and before the end, still connects")
  func lateCandidate() throws {
    var desk = try described(trickles: true)
    try desk.wait(.seconds(50))
    try desk.agent.remoteCandidateReceived(host(Desk.remote), at: desk.now)
    try desk.answer(try desk.nextCheck())
    #expect(desk.component.isConnected)
  }

  @Test("A peer that never signals the end is waited for twice the patience (RFC 8863 §5)")
  func noEnd() throws {
    var desk = try described(trickles: true)
    try desk.agent.gatheringFinished(at: desk.now)
    try desk.wait(.milliseconds(78_999))
    #expect(desk.component == .checking)
    try desk.wait(.milliseconds(1))
    #expect(desk.component == .failed(.noRemoteCandidate))
  }

  @Test("A peer without the option has signaled all that it has (RFC 8838 §3)")
  func withoutTrickle() throws {
    var desk = try described(trickles: false)
    try desk.agent.gatheringFinished(at: desk.now)
    try desk.wait(.milliseconds(39_500))
    #expect(desk.component == .failed(.noRemoteCandidate))
  }

  @Test("Each reason is told: no candidates here, none there, none that fit")
  func reasons() throws {
    var noLocal = try Desk(local: [])
    try run(&noLocal)
    #expect(noLocal.component == .failed(.noLocalCandidate))
    var noRemote = try Desk(remotes: [])
    try run(&noRemote)
    #expect(noRemote.component == .failed(.noRemoteCandidate))
    var noPair = try Desk(remotes: [host("[2001:db8::1]:6000")])
    try run(&noPair)
    #expect(noPair.component == .failed(.noPair))
  }

  @Test("A controlled agent whose peer never nominates fails at last, with the reason")
  func notNominated() throws {
    var desk = try Desk(.controlled)
    try desk.answer(try desk.nextCheck())
    while desk.now < .seconds(75) { try desk.answer(try desk.nextCheck(within: .seconds(7))) }
    #expect(desk.component.isConnected && desk.agent.pair() != nil)
    try desk.wait(.seconds(5))
    #expect(desk.component == .failed(.notNominated))
  }

  @Test("A valid pair whose consent ends before it is nominated fails with the patience")
  func consentEnds() throws {
    var desk = try Desk(.controlled, isGathered: true)
    try desk.answer(try desk.nextCheck())
    try desk.wait(.milliseconds(39_499))
    #expect(desk.component == .checking && desk.agent.pair() == nil)
    try desk.wait(.milliseconds(1))
    #expect(desk.component == .failed(.consentExpired))
  }

  @Test("A peer that goes on checking and never answers does not keep the agent for ever")
  func oneWayForEver() throws {
    var desk = try Desk()
    for _ in 0..<200 {
      desk.deliver(try desk.request())
      try desk.wait(.milliseconds(500))
    }
    #expect(desk.component == .failed(.noPairSucceeded))
    #expect(try desk.wait(.seconds(100)).isEmpty)
  }

  @Test("One stream may fail while another completes: the session has completed (§8.1.2)")
  func oneOfTwo() throws {
    var desk = try Desk(streams: [1, 1], isGathered: true)
    try desk.select()
    #expect(desk.agent.state == .running)
    try consent(&desk)
    #expect(desk.agent.state(ofStream: 0) == .completed)
    #expect(desk.agent.state(ofStream: 1) == .failed(.noLocalCandidate))
    #expect(desk.agent.state == .completed)
  }

  /// Both components' bases.
  private let bases: [GatheredCandidate] = [
    .host(Desk.base), .host("10.0.0.2:5001", component: 2),
  ]

  @Test("Last components for which the peer has no candidates do not count (§6.1.2.2)")
  func fewerComponents() throws {
    var desk = try Desk(streams: [2], local: bases, isGathered: true)
    try desk.select()
    #expect(desk.agent.state == .running)
    try consent(&desk)
    #expect(
      desk.agent.state(of: StreamComponent(component: 2)) == .failed(.noRemoteCandidate))
    #expect(desk.agent.state(ofStream: 0) == .completed)
    #expect(desk.agent.state == .completed)
  }

  @Test("A component before others counts, whoever has no candidates for it (§6.1.2.2)")
  func missingFirstComponent() throws {
    var desk = try Desk(
      streams: [2], local: bases, remotes: [host(Desk.remote, component: 2)], isGathered: true)
    try desk.select()
    try consent(&desk, from: "10.0.0.2:5001")
    #expect(desk.agent.state(of: StreamComponent(component: 2))?.isSelected == true)
    #expect(desk.agent.state(ofStream: 0) == .failed(.noRemoteCandidate))
  }

  @Test("A stream fails with one of its components, and the other's pair stays")
  func oneComponentOfTwo() throws {
    var desk = try Desk(
      streams: [2], local: bases,
      remotes: [host(Desk.remote), host("203.0.113.9:6001", component: 2)], isGathered: true)
    let check = try desk.nextCheck()
    #expect(check.base == Desk.base)
    try desk.answer(check)
    try consent(&desk)
    #expect(desk.agent.state(ofStream: 0) == .failed(.noPairSucceeded))
    #expect(desk.component.isSelected && desk.agent.pair() != nil)
  }
}
