import Calls
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// A ChannelBind whose answer is lost, time and again (RFC 8656 §12.1).
@Suite(.report("T5", "pion/turn 541")) struct LostChannelBindResponseTests {
  typealias Client = Deaf<TURNClientEndpoint>

  @Test("The client binds the peer to the number that the server has for it already")
  func sameNumber() throws {
    var street = RelayStreet()
    let alice = street.network.host(
      "alice", at: "198.51.100.77",
      running: Client(.turnClient(of: RelayStreet.server, "alice", password: "secret")))
    street.network.run(for: .seconds(1))
    street.network.tell(alice, Client.self) { client, _, _ in
      client.isLost = { bytes in
        (try? STUNMessage(bytes))?.type == MessageType(.successResponse, .channelBind)
      }
    }
    func send(_ byte: UInt8, in street: inout RelayStreet) {
      street.network.tell(alice, Client.self) { client, now, generator in
        client.program.send([byte], to: RelayStreet.bob, at: now, using: &generator)
      }
    }
    // Meanwhile the data go as indications; none is lost.
    for byte in 0..<60 as Range<UInt8> {
      send(byte, in: &street)
      street.network.run(for: .seconds(1))
    }
    let tuple = FiveTuple(.udp, local: RelayStreet.server, remote: "198.51.100.77:5000")
    let status = try street.server.allocation(of: tuple, at: street.network.time)
    #expect(status?.channels == [ChannelNumber(rawValue: 0x4000): RelayStreet.bob])
    street.network.tell(alice, Client.self) { client, _, _ in client.isLost = { _ in false } }
    for byte in 60..<120 as Range<UInt8> {
      send(byte, in: &street)
      street.network.run(for: .seconds(1))
    }
    let received = street.received(by: street.bobsHost).map(\.payload)
    #expect(received == (0..<120).map { [$0] })
    #expect(street.errorCount(.badRequest, to: "alice") == 0)
    // The last ones have gone by the channel.
    let frame: [UInt8] = [0x40, 0, 0, 1, 119]
    #expect(street.network.packets(sentBy: "alice").last?.suffix(5) == frame[...])
  }
}
