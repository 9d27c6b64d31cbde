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
    var desk = try Desk()
    desk.deliver(try desk.failure(try desk.nextCheck(), .badRequest))
    try desk.wait(.milliseconds(39_500))
    #expect(desk.component == .failed(.noPairSucceeded))
    #expect(desk.agent.state == .failed(.noPairSucceeded))
    #expect(desk.agent.explanation(of: StreamComponent()) == .failed(.noPairSucceeded))
  }

  @Test("A check that is under way when the patience ends is waited for")
  func underWay() throws {
    var desk = try Desk(remotes: [])
    try desk.wait(.seconds(20))
    try desk.agent.remoteCandidateReceived(host(Desk.remote), at: desk.now)
    try desk.wait(.seconds(39))
    #expect(desk.component == .checking)
    try desk.wait(.seconds(1))
    #expect(desk.component == .failed(.noPairSucceeded))
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
    try desk.wait(.seconds(78))
    #expect(desk.component.isConnected)
    try desk.wait(.seconds(2))
    #expect(desk.component == .failed(.notNominated))
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
    var desk = try Desk(streams: [1, 1])
    try desk.select()
    #expect(desk.agent.state == .running)
    // Consent for the first stream is given on the way.
    for _ in 0..<60 {
      for check in try desk.wait(.seconds(1)) where check.message.type == .bindingRequest {
        try desk.answer(check)
      }
    }
    #expect(desk.agent.state(ofStream: 0) == .completed)
    #expect(desk.agent.state(ofStream: 1) == .failed(.noLocalCandidate))
    #expect(desk.agent.state == .completed)
  }
}
