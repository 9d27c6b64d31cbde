import Calls
import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Checks that overtake the signaling.
@Suite struct EarlyCheckTests {
  /// A call whose signals take half a second, in which bob's checks come long before his description.
  private func slowCall(_ other: CallSite, seed: UInt64 = 1) -> Call {
    Call(.open, other, seed: seed, signaling: SignalingPath(latency: .milliseconds(500)))
  }

  @Test(
    "A check that comes while no remote candidate is known is answered, remembered and paired",
    .report("I21", "pjsip/pjproject 4731"),
    arguments: [(CallSite.cone, "LS"), (.symmetric, "LP"), (.open, "LL")])
  func emptyChecklist(other: CallSite, letters: String) throws {
    var call = slowCall(other)
    let result = call.connect()
    #expect(result.alice.letters == letters)
    let answer = try #require(call.reports(of: .alice, beginning: "hears of answer").first)
    // Answered before anything was known of bob.
    let answered = call.messages(sentBy: .alice).filter {
      $0.message.type == .bindingSuccessResponse && $0.time < answer.time
    }
    #expect(!answered.isEmpty)
    // What was remembered is a candidate as soon as the description has come, before any is signaled.
    let discovery = call.reports(of: .alice, beginning: "discovers prflx").first
    #expect(discovery?.time == answer.time)
    let selected = try #require(result.time)
    #expect(answer.time.duration(to: selected) < .milliseconds(700))
  }

  @Test(
    "A peer-reflexive candidate that is signaled later keeps its pair, its state and its nomination",
    .report("I8", "pion/ice 913, algesten/str0m 908"))
  func replacement() throws {
    var call = slowCall(.cone)
    let result = call.connect()
    #expect(!call.reports(of: .alice, beginning: "discovers prflx").isEmpty)
    #expect(result.alice.letters == "LS")
    let pair = try #require(call.pair(of: .alice))
    #expect(pair.remote.type == .serverReflexive)
    // One pair for the path, and not one for each name of its other end.
    let list = call.endpoint(of: .alice).agent.checklists.checklists[0]
    let same = list.pairs.filter {
      $0.base == pair.base && $0.remote.address == pair.remote.address
    }
    #expect(same.count == 1)
    call.send("still there", from: .alice)
    call.run(for: .seconds(40))
    #expect(call.words(to: .bob) == ["still there"])
    #expect(call.result.isConnected)
  }

  @Test(
    "Candidates that come before or without their description are kept until it comes",
    .report("I34", "feross/simple-peer 564, mattermost 328"))
  func candidatesFirst() throws {
    var generator = SeededGenerator(seed: 34)
    var agent = try ICEAgent(role: .controlling, using: &generator)
    let peer = ICECredentials(using: &generator)
    try agent.gathered(.host("192.0.2.1:5000"), at: .zero)
    let line = try CandidateAttribute(
      parsing: "candidate:1 1 UDP 2130706431 192.0.2.2 6000 typ host")
    try agent.remoteCandidateReceived(
      line, usernameFragment: peer.usernameFragment, at: .zero)
    try agent.remoteCandidatesEnded(usernameFragment: peer.usernameFragment, at: .zero)
    #expect(agent.nextDeadline == nil)
    try agent.remoteDescriptionReceived(
      RemoteDescription(peer, trickles: true), at: .seconds(3))
    #expect(agent.checklists.checklists[0].pairs.map(\.remote.address) == ["192.0.2.2:6000"])
    #expect(agent.nextDeadline == .seconds(3))
  }
}
