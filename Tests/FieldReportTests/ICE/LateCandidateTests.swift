import Calls
import ICE
import SansIO
import Simulator
import Testing
import TransportAddress

/// Candidates that one side finds long after the other's have come.
@Suite(.report("I30", "awslabs/amazon-kinesis-video-streams-webrtc-sdk-c 1040"))
struct LateCandidateTests {
  @Test(
    "A relayed candidate found after seconds is paired with what was signaled before",
    arguments: [CallSite.open, .cone, .symmetric])
  func lateRelay(other: CallSite) throws {
    // The café lets no UDP out: its relay is asked over TCP, after two seconds without an answer.
    var call = Call(.place(.cafe), other)
    call.run(for: .milliseconds(1500))
    let agent = call.endpoint(of: .alice).agent
    #expect(agent.localCandidates.allSatisfy { $0.type == .host })
    #expect(!agent.checklists.checklists[0].remote.isEmpty)
    let known = Set(agent.checklists.checklists[0].remote.map(\.address))
    let result = call.connect()
    #expect(result.isConnected && result.alice.types?.local == .relayed)
    let list = call.endpoint(of: .alice).agent.checklists.checklists[0]
    let paired = Set(list.pairs.filter { $0.local.type == .relayed }.map(\.remote.address))
    #expect(known.isSubset(of: paired))
  }
}
