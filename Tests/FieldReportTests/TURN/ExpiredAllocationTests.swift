import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// What a client hears whose allocation is over (RFC 8656 §5).
@Suite struct ExpiredAllocationTests {
  @Test(
    "Once the allocation has expired every request gets 437, a ChannelBind too",
    .report("T2", "coturn/coturn 2067"),
    arguments: [STUNMethod.refresh, .createPermission, .channelBind])
  func expired(method: STUNMethod) throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    try client.allocate(in: &street)
    #expect(try client.bind(0x4000, to: RelayStreet.bob, in: &street) == nil)
    street.network.run(for: .seconds(601))
    #expect(try street.server.allocationCount == 0)
    #expect(
      try client.refusal(method, in: &street) {
        if method == .channelBind { try $0.append(channelNumber: .init(rawValue: 0x4000)) }
        if method != .refresh { try $0.append(xorPeerAddress: RelayStreet.bob) }
      } == .allocationMismatch)
    // On the same 5-tuple it may begin anew, and nothing of the old one is left.
    try client.allocate(in: &street)
    #expect(try client.bind(0x4000, to: RelayStreet.carol, in: &street) == nil)
  }

  @Test("An allocation that is deleted twice is gone the second time: 437")
  func deletedTwice() throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    let relayed = try client.allocate(in: &street)
    try client.permit(RelayStreet.bob, in: &street)
    let first = try client.ask(.refresh, in: &street) { try $0.append(lifetime: 0) }
    #expect(try first.lifetime == 0)
    #expect(
      try client.refusal(.refresh, in: &street) { try $0.append(lifetime: 0) }
        == .allocationMismatch)
    // What its peers still send comes to nobody.
    street.send([1], from: street.bobsHost, to: relayed)
    street.network.run(for: .seconds(1))
    #expect(street.drops == ["dropped: no allocation has the relayed address (RFC 8656 §11.3)"])
  }

  @Test(
    "A Refresh with an impossible lifetime: what is too long is cut, what cannot be read is 400",
    arguments: [(UInt32.max, 3600), (1, 600)] as [(UInt32, UInt32)])
  func impossibleLifetime(asked: UInt32, granted: UInt32) throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    try client.allocate(in: &street)
    let response = try client.ask(.refresh, in: &street) { try $0.append(lifetime: asked) }
    #expect(try response.lifetime == granted)
    #expect(
      try client.refusal(.refresh, in: &street) { try $0.append(.lifetime, bytes: [0, 0, 0]) }
        == .badRequest)
    #expect(try street.server.allocationCount == 1)
  }
}
