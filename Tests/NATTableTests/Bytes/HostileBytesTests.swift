import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct HostileBytesTests {
  private func reason(_ bytes: [UInt8]) -> PacketError? {
    do throws(PacketError) {
      _ = try Packet(parsing: bytes.span)
      return nil
    } catch {
      return error
    }
  }

  @Test("Every packet cut off anywhere is refused, not read beyond its end")
  func truncated() {
    for packet in ByteTranslationTests.packets {
      let about = Packet.error(.portUnreachable, from: packet.destination.address, about: packet)
      for bytes in [packet.bytes(), about.bytes()] {
        for length in 0..<bytes.count {
          #expect(reason(Array(bytes.prefix(length))) != nil)
        }
      }
    }
  }

  @Test("What is wrong is named, with its place")
  func named() {
    let udp = Packet(from: host, to: server).bytes()
    #expect(reason([]) == PacketError(offset: 0, reason: .truncated))
    #expect(reason([0x50] + udp.dropFirst()) == PacketError(offset: 0, reason: .unknownVersion))
    #expect(reason([0x44] + udp.dropFirst()) == PacketError(offset: 0, reason: .headerTooShort))
    var long = udp
    long[3] = 200
    #expect(reason(long) == PacketError(offset: 2, reason: .lengthBeyondPacket))
    var changed = udp
    changed[15] ^= 1
    #expect(reason(changed) == PacketError(offset: 10, reason: .wrongHeaderChecksum))
    let error = Packet.error(
      .portUnreachable, from: server.address, about: Packet(from: host, to: server))
    var forged = error.bytes()
    forged[forged.count - 1] ^= 1
    #expect(reason(forged) == PacketError(offset: 22, reason: .wrongErrorChecksum))
  }

  @Test("A first fragment without its transport header is refused")
  func tiny() {
    var bytes = Packet(from: host, to: server).bytes()
    // Too short for UDP, and more to follow: RFC 1858's attack.
    var packet = Packet(from: host, to: server)
    packet.fragment = Fragment(identification: 1, offset: 8, moreFollow: true)
    bytes = packet.bytes(payload: [0, 1, 2, 3])
    bytes[6...7] = [0x20, 0]
    bytes[10...11] = [0, 0]
    var sum = Checksum()
    sum.add(bytes.span, in: 0..<20)
    bytes[10...11] = [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
    #expect(reason(bytes)?.reason == .tinyFragment)
  }

  @Test("Bytes that are dropped are left as they were")
  func unchanged() {
    var nat = NATTable(.portRestrictedCone, external: external)
    for packet in ByteTranslationTests.packets {
      var bytes = packet.bytes()
      let before = bytes
      var span = bytes.mutableSpan
      #expect(nat.inbound(&span, at: .zero) != .forward)
      #expect(bytes == before)
    }
  }

  @Test("Random bytes and damaged packets, both ways: no crash, and what goes on is sound")
  func random() {
    var random = SeededGenerator(seed: 8)
    var nat = NATTable(.fullCone, external: external, ByteTranslationTests.V6.external)
    var now = Instant.zero
    for round in 0..<60_000 {
      var bytes = ByteTranslationTests.packets[round % 6].bytes(payload: [1, 2, 3, 4])
      switch round % 3 {
      case 0:
        bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
          .random(in: 0...255, using: &random)
        }
      case 1:
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
      default: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      }
      if bytes.count > 20, bytes[0] >> 4 == 4, bytes[0] & 0xF >= 5, round.isMultiple(of: 2) {
        // So that more than one in 65 536 gets beyond the checksum.
        let length = min(bytes.count, Int(bytes[0] & 0xF) * 4) & ~1
        bytes[10...11] = [0, 0]
        var sum = Checksum()
        sum.add(bytes.span, in: 0..<length)
        bytes[10...11] = [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
      }
      now = now.advanced(by: .milliseconds(Int.random(in: 0...500, using: &random)))
      var span = bytes.mutableSpan
      let verdict =
        Bool.random(using: &random) ? nat.outbound(&span, at: now) : nat.inbound(&span, at: now)
      if verdict == .forward {
        #expect((try? Packet(parsing: bytes.span)) != nil)
      }
      while nat.nextAction() != nil {}
    }
  }
}
