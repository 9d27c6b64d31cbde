import Calls
import ICE
import SansIO
import Simulator
import Testing
import TransportAddress

/// A change of networks in the middle of gathering (RFC 8445 §9).
@Suite(.report("I10", "pion/ice 942 and 945")) struct RestartWhileGatheringTests {
  @Test(
    "Whoever changes networks while candidates are gathered, the new generation connects",
    arguments: [1, 5, 10, 20, 40, 60, 90, 130, 200, 400])
  func move(milliseconds: Int64) throws {
    for party in Call.Party.allCases {
      for site in [CallSite.cone, .symmetric, .place(.cafe), .open] {
        var call = Call(.cone, .symmetric, seed: UInt64(milliseconds))
        call.run(for: .milliseconds(milliseconds))
        call.move(party, to: site)
        call.connect()
        #expect(call.result.isConnected, "\(party) to \(site): \(call.result)")
        let generations = Call.Party.allCases.map { call.endpoint(of: $0).agent.generation }
        #expect(generations[0] == generations[1])
        let counts = Call.Party.allCases.map { call.endpoint(of: $0).received.count }
        call.send("to bob", from: .alice)
        call.send("to alice", from: .bob)
        call.run(for: .seconds(1))
        #expect(call.words(to: .alice, after: counts[0]) == ["to alice"])
        #expect(call.words(to: .bob, after: counts[1]) == ["to bob"])
      }
    }
  }

  @Test(
    "What the old gathering still finds is no candidate of the new generation",
    arguments: Call.Party.allCases)
  func fragments(party: Call.Party) throws {
    // So near that the restart comes before the first STUN server has answered.
    var call = Call(.cone, .cone, signaling: SignalingPath(latency: .milliseconds(3)))
    call.run(for: .milliseconds(1))
    let old = call.endpoint(of: .alice).agent.credentials.usernameFragment
    call.move(party, to: .cone)
    #expect(call.connect().isConnected)
    let agent = call.endpoint(of: .alice).agent
    #expect(agent.credentials.usernameFragment != old)
    // Each generation gathers from a socket of its own, and there is one.
    let own = agent.localCandidates.filter { $0.type == .host || $0.type == .serverReflexive }
    #expect(own.count == 2)
    #expect(Set(own.map(\.base)).count == 1)
    let known = call.endpoint(of: .bob).agent.checklists.checklists[0].remote
    #expect(Set(own.map(\.address)).isSubset(of: known.map(\.address)))
    #expect(known.count { $0.type == .host } == 1)
  }
}
