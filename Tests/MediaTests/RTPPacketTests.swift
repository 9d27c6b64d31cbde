import Media
import Testing

@Suite struct RTPPacketTests {
  /// A packet with one contributing source, an extension of one word, and two bytes of padding.
  private static let full: [UInt8] = [
    0xB1, 0x80, 0x12, 0x67, 0x00, 0x00, 0x00, 0xA0, 0x12, 0x34, 0xAB, 0xCD,
    0x00, 0x00, 0x00, 0x07,
    0xBE, 0xDE, 0x00, 0x01, 0x10, 0xFF, 0x00, 0x00,
    0x61, 0x62, 0x63,
    0x00, 0x02,
  ]

  @Test("Each field is read from where RFC 3550 §5.1 has it")
  func fields() throws {
    let packet = try RTPPacket(Self.full)
    #expect(
      packet.header
        == RTPHeader(
          sequenceNumber: 0x1267, timestamp: 160, source: 0x1234_ABCD, hasMarker: true))
    #expect(packet.contributingSources(in: Self.full.span) == [7])
    #expect(packet.headerExtension?.profile == 0xBEDE)
    #expect(packet.headerExtension?.data == 20..<24)
    #expect(packet.payload == 24..<27 && packet.paddingCount == 2)
    #expect(
      "\(packet)" == "RTP PCMU marked, sequence 4711, timestamp 160, source 0x1234ABCD, 3 bytes")
  }

  @Test("The same bytes are written as were read")
  func writing() throws {
    let packet = try RTPPacket(Self.full)
    let written = packet.header.packet(
      Array("abc".utf8), contributingSources: [7],
      headerExtension: (0xBEDE, [0x10, 0xFF]), padding: 2)
    #expect(written == Self.full)
    var plain: [UInt8] = []
    packet.header.append(to: &plain)
    #expect(plain + [1] == packet.header.packet([1]))
  }

  @Test(
    "What is no packet is refused, with its reason and its place",
    arguments: [
      (3, [0: 0x80], .headerTruncated, 3),
      (29, [0: 0x40], .wrongVersion, 0),
      (20, [0: 0x8F], .contributingSourcesTruncated, 12),
      (18, [0: 0x91], .extensionTruncated, 16),
      (22, [0: 0x91], .extensionTruncated, 16),
      (29, [28: 0x00], .wrongPadding, 28),
      (29, [28: 0x06], .wrongPadding, 28),
      (12, [0: 0xA0], .wrongPadding, 11),
    ] as [(Int, [Int: UInt8], RTPError.Code, Int)])
  func refusals(count: Int, changed: [Int: UInt8], code: RTPError.Code, offset: Int) {
    var bytes = Array(Self.full.prefix(count))
    for (index, byte) in changed { bytes[index] = byte }
    let error = #expect(throws: RTPError.self) { try RTPPacket(bytes) }
    #expect(error?.code == code && error?.byteOffset == offset)
  }

  @Test("Padding may take all that is behind the header")
  func paddingAlone() throws {
    let packet = try RTPPacket(Array(Self.full[..<28]) + [0x05])
    #expect(packet.payload.isEmpty && packet.paddingCount == 5)
  }

  @Test("A packet that is cut anywhere is read or refused, and so is one with any first two bytes")
  func anyBytes() {
    for count in 0...Self.full.count { _ = try? RTPPacket(Array(Self.full.prefix(count))) }
    var taken: Set<UInt8> = []
    for first in UInt8.min ... .max {
      for second in UInt8.min ... .max {
        if (try? RTPPacket([first, second] + Self.full[2...])) != nil { taken.insert(first) }
      }
    }
    #expect(taken.allSatisfy { $0 >> 6 == 2 })
  }
}
