import Calls
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// Both sides use the same relay, and each is the other's peer.
@Suite(.report("T14", "coturn/coturn 584, processone/eturnal 99")) struct RelayToRelayTests {
  @Test("Two in cafés, who have the relay alone, talk from relayed address to relayed address")
  func cafes() throws {
    var call = Call(.place(.cafe), .place(.cafe))
    let result = call.connect()
    #expect(result.alice.letters == "RR" && result.bob.letters == "RR")
    for _ in 0..<20 {
      call.send("from alice", from: .alice)
      call.send("from bob", from: .bob)
      call.run(for: .seconds(30))
    }
    #expect(call.endpoint(of: .alice).received.map(\.data) == texts("from bob", 20))
    #expect(call.endpoint(of: .bob).received.map(\.data) == texts("from alice", 20))
  }

  private func texts(_ text: String, _ count: Int) -> [[UInt8]] {
    Array(repeating: Array(text.utf8), count: count)
  }

  @Test("The relay's own services are refused, though its relayed addresses are not")
  func ownServices() throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    let relayed = try client.allocate(in: &street)
    try client.permit(RelayStreet.server, in: &street)
    for port: UInt16 in [3478, 443, 22, relayed.port == 49152 ? 49153 : 49152] {
      let own = TransportAddress(RelayStreet.server.address, port: port)
      #expect(try client.bind(0x4000, to: own, in: &street) == .forbidden)
      client.send(
        try STUNMessage.encode(
          MessageType(.indication, .send), transactionID: TransactionID(high: 2, low: 1)
        ) {
          try $0.append(xorPeerAddress: own)
          try $0.append(.data, bytes: [1])
        }, in: &street)
    }
    #expect(street.drops.count == 4)
    #expect(Set(street.drops).count == 1)
    // Itself, as its own peer, it may reach: that hurts nobody.
    #expect(try client.bind(0x4000, to: relayed, in: &street) == nil)
  }
}
