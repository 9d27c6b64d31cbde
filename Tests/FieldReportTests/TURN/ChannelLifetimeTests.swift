import Calls
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// A channel number and its peer after the channel's ten minutes (RFC 8656 §12).
@Suite struct ChannelLifetimeTests {
  @Test("A number is free when its ten minutes are over, and not a second earlier")
  func server() throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    try client.allocate(in: &street)
    #expect(try client.bind(0x4000, to: RelayStreet.bob, in: &street) == nil)
    let bound = street.network.time
    street.network.run(until: bound.advanced(by: .seconds(580)))
    #expect(try client.refusal(.refresh, in: &street) == nil)
    street.network.run(until: bound.advanced(by: .seconds(599)))
    #expect(try client.bind(0x4000, to: RelayStreet.carol, in: &street) == .badRequest)
    #expect(try client.bind(0x4001, to: RelayStreet.bob, in: &street) == .badRequest)
    street.network.run(until: bound.advanced(by: .seconds(601)))
    #expect(try client.bind(0x4000, to: RelayStreet.carol, in: &street) == nil)
    #expect(try client.bind(0x4001, to: RelayStreet.bob, in: &street) == nil)
  }

  @Test("Our client never binds a number to a second peer, so that it need not wait five minutes")
  func client() throws {
    var street = RelayStreet()
    let alice = street.network.host(
      "alice", at: "198.51.100.77",
      running: .turnClient(of: RelayStreet.server, "alice", password: "secret"))
    street.network.run(for: .seconds(1))
    var peers: [ChannelNumber: Set<TransportAddress>] = [:]
    let tuple = FiveTuple(.udp, local: RelayStreet.server, remote: "198.51.100.77:5000")
    for minute in 0..<60 {
      street.network.tell(alice, TURNClientEndpoint.self) { client, now, generator in
        for _ in 0..<2 {
          let peer = minute % 30 < 15 ? RelayStreet.bob : RelayStreet.carol
          client.send([1], to: peer, at: now, using: &generator)
        }
      }
      street.network.run(for: .seconds(60))
      let status = try #require(
        try street.server.allocation(of: tuple, at: street.network.time))
      for (number, peer) in status.channels { peers[number, default: []].insert(peer) }
    }
    #expect(peers.count == 2 && peers.values.allSatisfy { $0.count == 1 })
    #expect(street.received(by: street.bobsHost).count == 60)
    #expect(street.received(by: street.carolsHost).count == 60)
  }
}
