import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// RFC 6296 on the bytes of packets: addresses change, checksums need not.
@Suite struct PrefixTranslationByteTests {
  /// RFC 6296 §3.6's example.
  let translation = PrefixTranslation(
    inside: "fd01:203:405::", outside: "2001:db8:1::", length: 48)!
  let host: TransportAddress = "[fd01:203:405:1::1234]:5000"
  let outside: TransportAddress = "[2001:db8:1:d550::1234]:5000"
  let server: TransportAddress = "[2001:db8:ff::1]:80"

  private func outbound(_ packet: [UInt8]) -> (verdict: PrefixTranslation.ByteVerdict, [UInt8]) {
    var bytes = packet
    var span = bytes.mutableSpan
    return (translation.outbound(&span), bytes)
  }

  private func inbound(_ packet: [UInt8]) -> (verdict: PrefixTranslation.ByteVerdict, [UInt8]) {
    var bytes = packet
    var span = bytes.mutableSpan
    return (translation.inbound(&span), bytes)
  }

  private var packets: [Packet] {
    [
      Packet(from: host, to: server), .tcp(.syn, from: host, to: server),
      .query(from: host.address, identifier: 7, to: server.address),
      Packet(TransportProtocol(rawValue: 132), from: host, to: server),
    ]
  }

  @Test("A packet out and its answer back: only addresses change, every checksum stays right")
  func bothWays() {
    for packet in packets {
      let bytes = packet.bytes(payload: [1, 2, 3, 4, 5])
      let (verdict, sent) = outbound(bytes)
      #expect(verdict == .forward)
      #expect(wrongChecksums(of: sent) == [])
      #expect(sent[..<8] == bytes[..<8])
      #expect(sent[24...] == bytes[24...])
      var expected = packet
      expected.source.address = outside.address
      #expect(try! translation.outbound(packet) == expected)
      #expect(sent == expected.bytes(payload: [1, 2, 3, 4, 5]))

      let answer = expected.reply
      let (back, received) = inbound(answer.bytes(payload: [9]))
      #expect(back == .forward)
      #expect(wrongChecksums(of: received) == [])
      #expect(try! translation.inbound(answer) == packet.reply)
      #expect(received == packet.reply.bytes(payload: [9]))
    }
  }

  @Test("An error from the outside is about the packet that the host sent")
  func errorFromOutside() throws {
    for packet in packets.dropLast() {
      let kind = ICMPError.Kind(type: 3, code: 0)
      let sent = try translation.outbound(packet)
      let error = Packet.error(kind, from: "2001:db8:fe::1", about: sent)
      let (verdict, bytes) = inbound(error.bytes())
      #expect(verdict == .forward)
      #expect(wrongChecksums(of: bytes) == [])
      let expected = Packet.error(kind, from: "2001:db8:fe::1", about: packet)
      #expect(bytes == expected.bytes())
      #expect(try translation.inbound(error) == expected)
    }
  }

  @Test("An error from the inside is about the packet that came, even from a router there")
  func errorFromInside() throws {
    let came = Packet(from: server, to: outside)
    let received = try translation.inbound(came)
    #expect(received.destination == host)
    let kind = ICMPError.Kind(type: 1, code: 4)
    for (reporter, shown) in [
      (host.address, outside.address), ("fd01:203:405:2::fe", "2001:db8:1:d551::fe"),
    ] {
      let error = Packet.error(kind, from: reporter, about: received)
      let (verdict, bytes) = outbound(error.bytes())
      #expect(verdict == .forward)
      #expect(wrongChecksums(of: bytes) == [])
      #expect(bytes == Packet.error(kind, from: shown, about: came).bytes())
      #expect(try translation.outbound(error) == Packet.error(kind, from: shown, about: came))
    }
  }

  @Test("Two hosts of one network meet by their outside addresses")
  func hairpinning() throws {
    let packet = Packet(from: "[fd01:203:405:2::1]:9", to: outside)
    let (verdict, bytes) = outbound(packet.bytes())
    #expect(verdict == .forward)
    #expect(wrongChecksums(of: bytes) == [])
    #expect(bytes == Packet(from: "[2001:db8:1:d551::1]:9", to: host).bytes())
    #expect(try translation.outbound(packet).destination == host)
  }

  @Test("§3.4: behind a /48 the subnet 0xFFFF cannot be translated, and nothing else is refused")
  func allOnes() {
    let packet = Packet(from: "[fd01:203:405:ffff::1]:9", to: server).bytes()
    let (verdict, bytes) = outbound(packet)
    #expect(verdict == .drop(.noAdjustableWord))
    #expect(bytes == packet)
    let stranger = Packet(from: "[fd01:203:406:1::1]:9", to: server).bytes()
    #expect(outbound(stranger).verdict == .drop(.notInPrefix))
    #expect(inbound(stranger).verdict == .drop(.notInPrefix))
    #expect(
      inbound(Packet(from: "10.0.0.1:1", to: "10.0.0.2:1").bytes()).verdict
        == .malformed(PacketError(offset: 0, reason: .unknownVersion)))
  }

  @Test("Every subnet but 0xFFFF goes out and comes home, the checksum right each time")
  func subnets() {
    for subnet in stride(from: UInt64(0), through: 0xFFFE, by: 37) {
      var packet = Packet(from: host, to: server)
      packet.source.address = .v6(IPv6Address(high: 0xFD01_0203_0405_0000 | subnet, low: 1))
      let (verdict, sent) = outbound(packet.bytes())
      #expect(verdict == .forward)
      #expect(wrongChecksums(of: sent) == [])
      guard let seen = try? Packet(parsing: sent.span) else { continue }
      #expect(inbound(seen.reply.bytes()).1 == packet.reply.bytes())
    }
  }

  @Test("Damaged and cut off packets crash nothing, and are unchanged when dropped")
  func hostile() {
    var random = SeededGenerator(seed: 6296)
    let error = Packet.error(
      ICMPError.Kind(type: 3, code: 0), from: server.address,
      about: Packet(from: outside, to: server))
    let inputs = packets.map { $0.bytes(payload: [1, 2]) } + [error.bytes()]
    for round in 0..<20_000 {
      var bytes = inputs[round % inputs.count]
      if round.isMultiple(of: 2) {
        bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
      }
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      for (verdict, after) in [outbound(bytes), inbound(bytes)] where verdict != .forward {
        #expect(after == bytes)
      }
    }
  }
}
