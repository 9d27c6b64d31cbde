import Calls
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// One of a client's peers is one that the relay refuses.
@Suite(.report("T18", "awslabs/amazon-kinesis-video-streams-webrtc-sdk-c 2386"))
struct RefusedPeerTests {
  @Test("A private peer has failed within a round trip, and the others are reached")
  func privatePeer() throws {
    var street = RelayStreet()
    let alice = street.network.host(
      "alice", running: .turnClient(of: RelayStreet.server, "alice", password: "secret"))
    street.network.run(for: .seconds(1))
    for peer in ["10.0.0.1:9", RelayStreet.bob] as [TransportAddress] {
      street.network.tell(alice, TURNClientEndpoint.self) { client, now, generator in
        client.send([1], to: peer, at: now, using: &generator)
      }
    }
    street.network.run(for: .milliseconds(20))
    let reports = street.network.trace.events(at: alice.node).compactMap { event in
      if case .report(let text) = event.kind { text } else { nil }
    }
    #expect(reports == ["no permission for 10.0.0.1: 403 Forbidden"])
    #expect(street.received(by: street.bobsHost).map(\.payload) == [[1]])
  }

  @Test("A call in which one side has a private address takes no longer for it")
  func call() throws {
    // Both sides have private host candidates, which the relay refuses; nothing but the relay works.
    var call = Call(.symmetric, .symmetric)
    let result = call.connect()
    #expect(result.route == .relayed)
    #expect(try #require(result.time) < .seconds(3))
  }
}
