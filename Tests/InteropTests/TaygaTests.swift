import FoundationEssentials
import IPPacket
import NATTable
import TestSupport
import Testing
import TransportAddress

/// Another translator as oracle: the same packets through it and through ours come out alike.
///
/// tayga is older than RFC 7915: it adds a Fragment header to whatever may be fragmented, and sets DF
/// on whatever is not. So only what must stay whole, or is a fragment already, is compared, and the
/// DF bit not; nor are Identification values of a translator's own.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(1)))
struct TaygaTests {
  @Test(
    "Packets, fragments and errors, from IPv4 to IPv6: tayga's bytes and ours are the same",
    .needsNetworks("tayga", "tshark"))
  func toIPv6() throws {
    let tayga = try TaygaRouter()
    let translator = HeaderTranslator(try #require(Self.prefix))
    var translated: [[UInt8]] = []
    for bytes in Self.packets {
      var theirs = try #require(tayga.translate(bytes), "\(bytes) was lost")
      let ours = try translate { output throws(TranslationFailure) in
        try translator.toIPv6(bytes.span, into: &output)
      }
      // tayga and two routers
      try #require(theirs[7] == 61)
      theirs[7] = 63
      try #require(theirs == ours)
      translated.append(ours)
    }
    #expect(translated.count > 300)
    try verify(translated)
  }

  @Test(
    "Packets, fragments and errors, from IPv6 to IPv4: tayga's bytes and ours are the same",
    .needsNetworks("tayga", "tshark"))
  func toIPv4() throws {
    let tayga = try TaygaRouter()
    var translator = HeaderTranslator(try #require(Self.prefix))
    var translated: [[UInt8]] = []
    for packet in Self.packets {
      let bytes = try translate { output throws(TranslationFailure) in
        try translator.toIPv6(packet.span, into: &output)
      }
      let theirs = try #require(tayga.translate(bytes), "\(bytes) was lost")
      // Ours, tayga and two routers
      try #require(theirs[8] == 60)
      let ours = try translate { output throws(TranslationFailure) in
        try translator.toIPv4(bytes.span, into: &output)
      }
      try #require(masked(theirs) == masked(ours))
      translated.append(ours)
    }
    #expect(translated.count > 300)
    try verify(translated)
  }

  // MARK: - Packets

  static let prefix = EmbeddedIPv4Prefix("2001:db8:64::", length: 96)

  /// UDP, TCP, echo, fragments and errors of all kinds between some hosts.
  static let packets: [[UInt8]] = {
    let payload = (0..<80).map { UInt8($0) }
    var packets: [[UInt8]] = []
    for number in UInt8(1)...20 {
      let host = TransportAddress(.v4(IPv4Address(203, 0, 113, number)), port: 5000)
      let server = TransportAddress(.v4(IPv4Address(198, 51, 100, 255 - number)), port: 80)
      let datagram = Packet(from: host, to: server)
      let ping = Packet.query(from: host.address, identifier: 7, to: server.address)
      packets += [datagram, .tcp(.syn, from: host, to: server), ping, ping.reply].map {
        whole($0.bytes(payload: payload))
      }
      for (offset, more) in [(UInt16(0), true), (800, true), (1600, false)] {
        var fragment = datagram
        fragment.fragment = Fragment(
          identification: UInt32(number) << 8 | 7, offset: offset, moreFollow: more)
        packets.append(fragment.bytes(payload: payload))
      }
      let kinds = [ICMPError.Kind(type: 11, code: 0), ICMPError.Kind(type: 11, code: 1)]
      for kind in kinds + [0, 1, 3, 5, 6, 9, 10, 13].map({ ICMPError.Kind(type: 3, code: $0) }) {
        for about in [datagram.reply, .tcp(.syn, from: server, to: host)] {
          let quoted = whole(about.bytes(payload: payload))
          var buffer = [UInt8](repeating: 0, count: 1500)
          var output = buffer.mutableSpan
          let length = ICMPErrorMessage(kind)
            .write(about: quoted.span, from: "192.0.2.254", into: &output)
          packets.append(Array(buffer.prefix(length ?? 0)))
        }
      }
    }
    return packets
  }()

  /// The packet with the DF bit.
  private static func whole(_ packet: [UInt8]) -> [UInt8] {
    var bytes = packet
    bytes[6] |= 0x40
    bytes[10...11] = [0, 0]
    var checksum = Checksum()
    checksum.add(bytes.span, in: 0..<20)
    bytes[10...11] = [UInt8(checksum.value >> 8), UInt8(checksum.value & 255)]
    return bytes
  }

  /// Without what each translator chooses by itself: hops, and in what is no fragment its number and
  /// the DF bit, with the checksums over them.
  private func masked(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[8] = 0
    bytes[10...11] = [0, 0]
    if bytes[6] & 0x3F == 0, bytes[7] == 0 { bytes[4...6] = [0, 0, 0] }
    if bytes[9] == 1, ![0, 8].contains(bytes[20]) {
      bytes[22...23] = [0, 0]
      bytes[32...34] = [0, 0, 0]
      bytes[38...39] = [0, 0]
    }
    return bytes
  }

  private func translate(
    _ body: (inout MutableSpan<UInt8>) throws(TranslationFailure) -> HeaderTranslator.Output
  ) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 2000)
    var output = buffer.mutableSpan
    let result = try body(&output)
    return Array(buffer.prefix(result.length))
  }

  /// Has tshark verify every checksum of what was translated.
  private func verify(_ packets: [[UInt8]]) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = folder.path + "/translated.pcap"
    try Data(rawCapture(packets)).write(to: URL(filePath: file))
    let checksums = try TsharkChecksums(file)
    #expect(checksums.frames == packets.count)
    #expect(checksums.bad.isEmpty, "\(checksums.bad.prefix(5))")
    #expect(checksums.good["udp", default: 0] > 20)
    #expect(checksums.good["tcp", default: 0] > 10)
  }
}
