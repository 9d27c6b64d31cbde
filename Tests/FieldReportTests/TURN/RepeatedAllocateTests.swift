import Calls
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// An Allocate that comes twice is one allocation (RFC 8656 §7.2).
@Suite(.report("T1", "webrtc-rs/webrtc 893")) struct RepeatedAllocateTests {
  @Test("A client whose every datagram comes twice gets its allocation, and nobody hears of 437")
  func everythingTwice() throws {
    var street = RelayStreet()
    var link = Link.cable
    link.duplication = 1
    let alice = street.network.host(
      "alice", link: link,
      running: .turnClient(of: RelayStreet.server, "alice", password: "secret"))
    street.network.run(for: .seconds(2))
    let relayed = try #require(
      street.network.program(on: alice, as: TURNClientEndpoint.self)?.relayed)
    street.network.tell(alice, TURNClientEndpoint.self) { client, now, generator in
      client.send([7], to: RelayStreet.bob, at: now, using: &generator)
    }
    street.network.run(for: .seconds(2))
    #expect(try street.server.allocationCount == 1)
    #expect(street.errorCount(.allocationMismatch, to: "alice") == 0)
    #expect(street.received(by: street.bobsHost).allSatisfy { $0.payload == [7] })
    #expect(street.received(by: street.bobsHost).first?.source == relayed)
  }

  @Test("The same request gets the same success again, another one on the 5-tuple gets 437")
  func sameAndOther() throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    // The nonce is known after this, so that the next request is carried out at once.
    _ = try client.refusal(.refresh, in: &street)
    let request = try client.request(.allocate) { try $0.append(requestedTransport: 17) }
    let first = try client.exchange(request, in: &street)
    #expect(first.type.class == .successResponse)
    street.network.run(for: .seconds(30))
    #expect(try client.exchange(request, in: &street).bytes == first.bytes)
    #expect(
      try client.refusal(.allocate, in: &street) { try $0.append(requestedTransport: 17) }
        == .allocationMismatch)
    #expect(try street.server.allocationCount == 1)
  }
}
