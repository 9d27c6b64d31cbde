import Media
import SansIO
import Testing

@Suite struct RTCPPacketTests {
  /// A sender report with a block, a description and a goodbye.
  private static let bytes: [UInt8] = [
    0x81, 200, 0x00, 0x0C, 0x11, 0x22, 0x33, 0x44,
    0x83, 0xAA, 0x7E, 0x80, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x20,
    0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x03, 0x20,
    0x55, 0x66, 0x77, 0x88, 0x40, 0xFF, 0xFF, 0xFE, 0x00, 0x01, 0x00, 0x02,
    0x00, 0x00, 0x00, 0x10, 0x7E, 0x80, 0x80, 0x00, 0x00, 0x01, 0x00, 0x00,
    0x81, 202, 0x00, 0x03, 0x11, 0x22, 0x33, 0x44, 0x01, 0x05, 0x61, 0x6C, 0x69, 0x63, 0x65, 0x00,
    0x81, 203, 0x00, 0x01, 0x11, 0x22, 0x33, 0x44,
  ]
  private static let block = ReportBlock(
    source: 0x5566_7788, fractionLost: 64, cumulativeLost: -2, highestSequenceNumber: 0x1_0002,
    jitter: 16, lastSenderReport: 0x7E80_8000, delaySinceLastSenderReport: 65_536)
  private static let packets: [RTCPPacket] = [
    .senderReport(
      source: 0x1122_3344,
      .init(
        time: NTPTime(seconds: 0x83AA_7E80, fraction: 0x8000_0000), timestamp: 800,
        packetCount: 5, byteCount: 800), [block]),
    .sourceDescription([.init(source: 0x1122_3344, canonicalName: "alice")]),
    .goodbye([0x1122_3344]),
  ]

  @Test("A compound packet is read, field by field, and written as it was")
  func reading() throws {
    #expect(try RTCPPacket.compound(Self.bytes) == Self.packets)
    #expect(RTCPPacket.encode(Self.packets) == Self.bytes)
    #expect(
      Self.packets.map(\.description) == [
        "sender report with 1 block", "description of 1 source", "goodbye of 1 source",
      ])
  }

  @Test("What was written is read as the same")
  func writing() throws {
    let name = String(repeating: "n", count: 255)
    let packets =
      Self.packets + [
        .sourceDescription([
          .init(source: 1, canonicalName: nil), .init(source: 2, canonicalName: name),
          .init(source: 3, canonicalName: "ab"), .init(source: 4, canonicalName: "abc"),
        ]),
        .receiverReport(source: 9, Array(repeating: Self.block, count: 31)), .goodbye([]),
        .other(type: 204, count: 3, content: [1, 2, 3, 4]),
      ]
    #expect(try RTCPPacket.compound(RTCPPacket.encode(packets)) == packets)
  }

  @Test(
    "What is no compound packet is refused, with its reason and its place",
    arguments: [
      ([], .controlHeaderTruncated, 0),
      ([0x80, 201], .controlHeaderTruncated, 0),
      ([0x40, 201, 0, 1, 0, 0, 0, 1], .wrongVersion, 0),
      ([0x80, 202, 0, 0], .noReport, 1),
      ([0x80, 201, 0, 2, 0, 0, 0, 1], .controlTruncated, 0),
      ([0x80, 201, 0, 0], .contentTruncated, 4),
      ([0x81, 201, 0, 1, 0, 0, 0, 1], .contentTruncated, 4),
      ([0xA0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4] + [0x80, 203, 0, 0], .paddedInside, 0),
      ([0xA0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3], .wrongPadding, 11),
      ([0xA0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 12], .wrongPadding, 11),
      (report + [0x81, 203, 0, 0], .contentTruncated, 12),
      (report + [0x81, 202, 0, 0], .malformedDescription, 12),
      (report + [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 2, 97, 98], .malformedDescription, 20),
      (report + [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 9, 97, 98], .malformedDescription, 16),
      (report + [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 1, 0xFF, 0], .malformedDescription, 16),
    ] as [([UInt8], RTPError.Code, Int)])
  func refusals(bytes: [UInt8], code: RTPError.Code, offset: Int) {
    let error = #expect(throws: RTPError.self) { try RTCPPacket.compound(bytes) }
    #expect(error?.code == code && error?.byteOffset == offset)
  }

  private static let report: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 1]

  @Test("Padding of the last packet is left out")
  func padding() throws {
    #expect(
      try RTCPPacket.compound(Self.report + [0xA0, 203, 0, 1, 0, 0, 0, 4])
        == [.receiverReport(source: 1, []), .goodbye([])])
  }

  @Test("Bytes that are cut or changed anywhere are read or refused")
  func anyBytes() {
    for count in 0...Self.bytes.count {
      _ = try? RTCPPacket.compound(Array(Self.bytes.prefix(count)))
    }
    for index in Self.bytes.indices {
      for value in UInt8.min ... .max {
        var bytes = Self.bytes
        bytes[index] = value
        _ = try? RTCPPacket.compound(bytes)
      }
    }
  }

  @Test("The round trip is the time since the report without the time that it lay there")
  func roundTrip() {
    let sent = Instant.milliseconds(1500)
    var block = ReportBlock(
      source: 1, lastSenderReport: NTPTime(sent).middle, delaySinceLastSenderReport: 65_536 / 4)
    // 250 ms there, 40 ms on the way.
    #expect(block.roundTrip(at: .milliseconds(1790)) == .nanoseconds(2621 * 1_000_000_000 / 65_536))
    // It cannot have lain there for longer than it was away.
    #expect(block.roundTrip(at: .milliseconds(1700)) == nil)
    block.lastSenderReport = 0
    #expect(block.roundTrip(at: .milliseconds(1790)) == nil)
  }

  @Test("The time of NTP counts halves of a second as halves of 2³², and is never 0")
  func ntpTime() {
    #expect(NTPTime(.milliseconds(500)) == NTPTime(seconds: 2_208_988_800, fraction: 1 << 31))
    #expect(NTPTime(.zero).middle != 0)
    #expect(NTPTime(seconds: 0x1234_5678, fraction: 0x9ABC_DEF0).middle == 0x5678_9ABC)
  }
}
