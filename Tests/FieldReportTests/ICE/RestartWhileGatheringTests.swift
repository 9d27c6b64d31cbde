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

  @Test("Candidates of the old gathering are signaled with no other fragment than its own")
  func fragments() throws {
    var call = Call(.cone, .cone)
    call.run(for: .milliseconds(10))
    let old = call.endpoint(of: .alice).agent.credentials.usernameFragment
    call.move(.alice, to: .cone)
    #expect(call.connect().isConnected)
    let agent = call.endpoint(of: .alice).agent
    #expect(agent.credentials.usernameFragment != old)
    // What the new generation has, the new network has given.
    let address = try #require(call.pair(of: .alice)).base.address
    let hosts = agent.localCandidates.filter { $0.type == .host }
    #expect(hosts.map(\.address.address) == [address])
    let known = call.endpoint(of: .bob).agent.checklists.checklists[0].remote
    #expect(known.filter { $0.type == .host }.map(\.address) == hosts.map(\.address))
  }
}
