import STUN
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// A flood of Allocates whose source addresses are forged.
@Suite(.report("T12", "coturn/coturn 1999")) struct SpoofedSourcesTests {
  /// A UDP datagram over IPv4 from whatever address.
  private func packet(
    _ payload: [UInt8], from source: IPv4Address, to destination: IPv4Address
  ) -> [UInt8] {
    func bytes(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
    func bytes(_ address: IPv4Address) -> [UInt8] {
      bytes(Int(address.rawValue >> 16)) + bytes(Int(address.rawValue & 0xFFFF))
    }
    var header = [0x45, 0] + bytes(28 + payload.count) + [0, 0, 0x40, 0, 64, 17, 0, 0]
    header += bytes(source) + bytes(destination)
    var sum = 0
    for index in stride(from: 0, to: header.count, by: 2) {
      sum += Int(header[index]) << 8 | Int(header[index + 1])
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    header.replaceSubrange(10..<12, with: bytes(~sum))
    // Without a checksum, as IPv4 lets UDP be.
    return header + bytes(5000) + bytes(3478) + bytes(8 + payload.count) + [0, 0] + payload
  }

  @Test("Ten thousand of them leave nothing behind, and who has a password is served meanwhile")
  func flood() throws {
    var street = RelayStreet()
    let eve = street.network.host("eve's host", at: "198.51.100.66")
    var client = try PlainClient(in: &street)
    street.network.isTracing = false
    let request = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: TransactionID(high: 1, low: 1)
    ) { try $0.append(requestedTransport: 17) }
    for number in 0..<10_000 as Range<UInt32> {
      let source = IPv4Address(rawValue: 0x2D00_0000 + number)
      try street.network.send(
        packet(request, from: source, to: "203.0.113.20"), from: eve)
      if number % 100 == 0 { street.network.run(for: .milliseconds(1)) }
      if number == 5000 { try client.allocate(in: &street) }
    }
    street.network.run(for: .seconds(1))
    // All have come and were answered; what is kept is the one allocation.
    #expect(street.network.packetCount > 20_000)
    let server = try street.server
    #expect(server.allocationCount == 1)
    #expect(server.drops.total == 0)
    #expect(try client.refusal(.refresh, in: &street) == nil)
    // Its timer is the only one.
    #expect(server.nextDeadline.map { $0 > .seconds(600) } == true)
  }
}
