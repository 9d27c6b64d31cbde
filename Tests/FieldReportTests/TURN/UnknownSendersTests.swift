import STUN
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// Data that the relay passes on to nobody are counted, each with its reason.
@Suite struct UnknownSendersTests {
  @Test(
    "Data by a channel that is not bound, and from a stranger's 5-tuple, are counted",
    .report("T25", "mycrl/turn-rs 147"))
  func channels() throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    let relayed = try client.allocate(in: &street)
    #expect(try client.bind(0x4000, to: RelayStreet.bob, in: &street) == nil)
    let eve = try PlainClient("eve", at: "198.51.100.66", password: "envious", in: &street)
    // From the client's own side each channel number is looked up by its 5-tuple.
    client.send([0x40, 0, 0, 1, 1], in: &street)
    client.send([0x40, 1, 0, 1, 2], in: &street)
    eve.send([0x40, 0, 0, 1, 3], in: &street)
    #expect(street.received(by: street.bobsHost).map(\.payload) == [[1]])
    #expect(try street.server.drops == [.unboundChannel: 1, .noAllocation: 1])
    // From the peer's side by the relayed transport address.
    street.send([4], from: street.bobsHost, to: relayed)
    street.send([5], from: street.carolsHost, to: relayed)
    street.network.run(for: .seconds(1))
    #expect(client.received(in: street).last == [0x40, 0, 0, 1, 4])
    #expect(try street.server.drops == [.unboundChannel: 1, .noAllocation: 1, .noPermission: 1])
    #expect(street.drops.count == 3)
  }

  @Test("A Send indication from off the path reaches no peer, whatever it says")
  func offPath() throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    try client.allocate(in: &street)
    try client.permit(RelayStreet.bob, in: &street)
    let indication = try STUNMessage.encode(
      MessageType(.indication, .send), transactionID: TransactionID(high: 1, low: 1)
    ) {
      try $0.append(xorPeerAddress: RelayStreet.bob)
      try $0.append(.data, bytes: [1])
    }
    let eve = try PlainClient("eve", at: "198.51.100.66", password: "envious", in: &street)
    eve.send(indication, in: &street)
    #expect(street.received(by: street.bobsHost).isEmpty)
    client.send(indication, in: &street)
    #expect(street.received(by: street.bobsHost).map(\.payload) == [[1]])
  }
}
