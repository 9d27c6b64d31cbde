import IPPacket
import NATTable
import TestSupport
import Testing
import TransportAddress

/// RFC 7915's tables of ICMP errors (§4.2, §5.2), all types and codes.
@Suite struct ICMPTranslationTests {
  typealias Kind = ICMPError.Kind

  /// §4.2, written down a second time: code to ICMPv6 type and code.
  static let unreachable: [UInt8: Kind] = [
    0: Kind(type: 1, code: 0), 1: Kind(type: 1, code: 0), 2: Kind(type: 4, code: 1),
    3: Kind(type: 1, code: 4), 4: Kind(type: 2, code: 0), 5: Kind(type: 1, code: 0),
    6: Kind(type: 1, code: 0), 7: Kind(type: 1, code: 0), 8: Kind(type: 1, code: 0),
    9: Kind(type: 1, code: 1), 10: Kind(type: 1, code: 1), 11: Kind(type: 1, code: 0),
    12: Kind(type: 1, code: 0), 13: Kind(type: 1, code: 1), 15: Kind(type: 1, code: 1),
  ]

  @Test("§4.2: each ICMPv4 error has its ICMPv6 one, or none")
  func toIPv6() {
    for type in UInt8(0)...255 {
      for code in UInt8(0)...255 {
        let expected: Kind? =
          switch type {
          case 3: Self.unreachable[code]
          case 11: Kind(type: 3, code: code)
          case 12: code == 0 || code == 2 ? Kind(type: 4, code: 0) : nil
          default: nil
          }
        #expect(Kind(type: type, code: code).inIPv6 == expected)
      }
    }
  }

  @Test("§5.2: each ICMPv6 error has its ICMPv4 one, or none")
  func toIPv4() {
    let unreachable: [UInt8: UInt8] = [0: 1, 1: 10, 2: 1, 3: 1, 4: 3]
    for type in UInt8(0)...255 {
      for code in UInt8(0)...255 {
        let expected: Kind? =
          switch type {
          case 1: unreachable[code].map { Kind(type: 3, code: $0) }
          case 2: Kind(type: 3, code: 4)
          case 3: Kind(type: 11, code: code)
          case 4 where code == 0: Kind(type: 12, code: 0)
          case 4 where code == 1: Kind(type: 3, code: 2)
          default: nil
          }
        #expect(Kind(type: type, code: code).inIPv4 == expected)
      }
    }
  }

  @Test("Figures 3 and 6: a pointer to a field points to the same field")
  func pointers() {
    let fields: [(v4: ClosedRange<UInt8>, v6: ClosedRange<UInt32>)] = [
      (0...0, 0...0), (1...1, 1...1), (2...3, 4...5), (8...8, 7...7), (9...9, 6...6),
      (12...15, 8...23), (16...19, 24...39),
    ]
    for pointer in UInt8(0)...255 {
      let field = fields.first { $0.v4.contains(pointer) }
      #expect(Kind.pointerInIPv6(pointer).map(UInt32.init) == field?.v6.lowerBound)
      #expect(
        Kind.pointerInIPv4(UInt32(pointer))
          == fields.first { $0.v6.contains(UInt32(pointer)) }?.v4.lowerBound)
    }
    #expect(Kind.pointerInIPv4(.max) == nil)
  }

  // MARK: - In bytes

  static let inside = Packet(from: "[64:ff9b::203.0.113.7]:5000", to: "[64:ff9b::198.51.100.1]:53")
  static let outside = Packet(from: "203.0.113.7:5000", to: "198.51.100.1:53")

  /// An error about a packet, with a right checksum and this second word.
  private func error(
    _ kind: Kind, parameter: UInt32, about packet: [UInt8], from reporter: IPAddress
  ) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1500)
    var output = buffer.mutableSpan
    let length = ICMPErrorMessage(kind, parameter: parameter)
      .write(about: packet.span, from: reporter, into: &output)
    return Array(buffer.prefix(length ?? 0))
  }

  private func parameter(_ bytes: [UInt8]) -> UInt32 {
    let start = bytes[0] >> 4 == 6 ? 44 : 24
    return bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  @Test(
    "§4.2: the MTU grows by the longer header, within 1280 and the links",
    arguments: [(68, 1280), (1259, 1280), (1261, 1281), (1400, 1420), (1480, 1500), (65535, 1500)])
  func mtuToIPv6(stated: UInt32, expected: UInt32) throws {
    let v4 = error(
      Kind(type: 3, code: 4), parameter: stated, about: Self.outside.bytes(), from: "192.0.2.254")
    let v6 = try HeaderTranslator().toIPv6(v4).get()
    #expect(v6[40...41] == [2, 0])
    #expect(parameter(v6) == expected)
    #expect(wrongChecksums(of: v6) == [])
  }

  @Test(
    "§4.2: where a router states no MTU it is guessed by RFC 1191's plateaus",
    arguments: [(1280, 1280), (1492, 1280), (1500, 1512), (2002, 1512), (4000, 2022), (9000, 8186)])
  func plateaus(length: Int, expected: UInt32) throws {
    var translator = HeaderTranslator()
    translator.ipv6MTU = 65535
    translator.ipv4MTU = 65535
    let packet = Self.outside.bytes(payload: Array(repeating: 0, count: length - 28))
    let v4 = error(Kind(type: 3, code: 4), parameter: 0, about: packet, from: "192.0.2.254")
    #expect(try parameter(translator.toIPv6(v4).get()) == expected)
  }

  @Test("§5.2: the MTU shrinks by the shorter header, and by a Fragment header's eight bytes")
  func mtuToIPv4() throws {
    var translator = HeaderTranslator()
    let from: IPAddress = "64:ff9b::192.0.2.254"
    let tooBig = Kind(type: 2, code: 0)
    let plain = error(tooBig, parameter: 1400, about: Self.inside.bytes(), from: from)
    #expect(try parameter(translator.toIPv4(plain).get()) == 1380)
    var fragment = Self.inside
    fragment.fragment = Fragment(identification: 1, offset: 0, moreFollow: true)
    let cut = error(tooBig, parameter: 1400, about: fragment.bytes(), from: from)
    let v4 = try translator.toIPv4(cut).get()
    #expect(parameter(v4) == 1372)
    #expect(wrongChecksums(of: v4) == [])
    for absurd in [UInt32(0), 1, 27, .max] {
      let bytes = error(tooBig, parameter: absurd, about: Self.inside.bytes(), from: from)
      #expect((68...1500).contains(try parameter(translator.toIPv4(bytes).get())))
    }
  }

  @Test("§4.2, §5.2: parameter problems point to the same field, protocol unreachable to its own")
  func parameterProblems() throws {
    var translator = HeaderTranslator()
    let v4 = error(
      Kind(type: 12, code: 0), parameter: 9 << 24, about: Self.outside.bytes(), from: "192.0.2.254")
    let v6 = try translator.toIPv6(v4).get()
    #expect(v6[40...41] == [4, 0])
    #expect(parameter(v6) == 6)
    #expect(try parameter(translator.toIPv4(v6).get()) == 9 << 24)
    let checksum = error(
      Kind(type: 12, code: 0), parameter: 10 << 24, about: Self.outside.bytes(),
      from: "192.0.2.254")
    #expect(translator.toIPv6(checksum) == .failure(.untranslatable(.unknownMessage)))
    let unknown = error(
      Kind(type: 3, code: 2), parameter: 0, about: Self.outside.bytes(), from: "192.0.2.254")
    let next = try translator.toIPv6(unknown).get()
    #expect(next[40...41] == [4, 1])
    #expect(parameter(next) == 6)
  }

  @Test("RFC 4443 §2.4(c): an error is cut off at 1280 bytes of IPv6")
  func length() throws {
    var packet = Self.outside.bytes(payload: Array(repeating: 1, count: 1400))
    var v4 = error(
      Kind(type: 11, code: 0), parameter: 0, about: packet, from: "192.0.2.254")
    #expect(try HeaderTranslator().toIPv6(v4).get().count == v4.count + 40)
    // A router that quotes the whole packet
    packet.insert(contentsOf: [11, 0, 0, 0, 0, 0, 0, 0], at: 0)
    var sum = Checksum()
    sum.add(packet.span, in: 0..<packet.count)
    packet[2...3] = [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
    v4 = Array(v4.prefix(20)) + packet
    v4[2...3] = [UInt8(v4.count >> 8), UInt8(v4.count & 255)]
    let v6 = try HeaderTranslator().toIPv6(withChecksums(v4)).get()
    #expect(v6.count == 1280)
    #expect(wrongChecksums(of: v6) == [])
    // The quoted packet still states the length that it had.
    #expect(Int(v6[52]) << 8 | Int(v6[53]) == 1408)
  }

  @Test("RFC 4884: what follows the quoted packet is kept behind it, and the length is adjusted")
  func extensions() throws {
    let packet = Self.outside.bytes(payload: Array(repeating: 1, count: 100))
    var v4 = error(Kind(type: 11, code: 0), parameter: 32 << 16, about: packet, from: "192.0.2.254")
    let before = try HeaderTranslator().toIPv6(v4).get()
    let label: [UInt8] = [0x20, 0, 0xDF, 0xFF, 0, 8, 1, 1, 0, 0, 0, 0]
    v4 += label
    v4[2...3] = [UInt8(v4.count >> 8), UInt8(v4.count & 255)]
    var sum = Checksum()
    v4[22...23] = [0, 0]
    sum.add(v4.span, in: 20..<v4.count)
    v4[22...23] = [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
    v4 = withChecksums(v4)
    #expect(parameter(before) == 0)
    let v6 = try HeaderTranslator().toIPv6(v4).get()
    // 128 bytes of the packet and 20 of the longer header fill 19 words of eight bytes.
    #expect(parameter(v6) == 19 << 24)
    #expect(v6.count == 48 + 152 + 12)
    #expect(v6[(48 + 8)..<(48 + 148)] == before[(48 + 8)..<(48 + 148)])
    #expect(v6.suffix(16) == [0, 0, 0, 0] + label)
    #expect(wrongChecksums(of: v6) == [])
    var translator = HeaderTranslator()
    let back = try translator.toIPv4(v6).get()
    #expect(parameter(back) == 32 << 16)
    #expect(back.suffix(12) == label[...])
    #expect(wrongChecksums(of: back) == [])
  }

  @Test("RFC 5508 REQ-3: a damaged error does not get a right checksum")
  func damaged() {
    var v4 = HeaderTranslatorTests.timeExceeded.v4
    v4[50] ^= 1
    #expect(
      HeaderTranslator().toIPv6(v4)
        == .failure(.malformed(PacketError(offset: 22, reason: .wrongErrorChecksum))))
  }

  @Test("RFC 5508 REQ-3a: an embedded IP header does not get a right checksum either")
  func damagedEmbedded() {
    var v4 = HeaderTranslatorTests.timeExceeded.v4
    v4[29] ^= 1
    #expect(
      HeaderTranslator().toIPv6(withMessageChecksum(v4))
        == .failure(.malformed(PacketError(offset: 38, reason: .wrongEmbeddedChecksum))))
  }

  @Test("§4.2, §5.2: messages of one link, and those nobody knows, are dropped")
  func others() {
    var translator = HeaderTranslator()
    for type in UInt8(0)...255 where ![0, 3, 8, 11, 12].contains(type) {
      var v4 = HeaderTranslatorTests.echo.v4
      v4[20] = type
      #expect(translator.toIPv6(v4) == .failure(.untranslatable(.unknownMessage)))
    }
    for type in UInt8(0)...255 where ![1, 2, 3, 4, 128, 129].contains(type) {
      var v6 = HeaderTranslatorTests.echo.v6
      v6[40] = type
      #expect(translator.toIPv4(v6) == .failure(.untranslatable(.unknownMessage)))
    }
  }

  @Test("§1.2: a fragment of an ICMP message is dropped, an error about an error too")
  func fragments() {
    var ping = Packet.query(from: "203.0.113.7", identifier: 1, to: "198.51.100.1")
    ping.fragment = Fragment(identification: 1, offset: 0, moreFollow: true)
    #expect(
      HeaderTranslator().toIPv6(ping.bytes(payload: [1, 2, 3, 4, 5, 6, 7, 8]))
        == .failure(.untranslatable(.fragmentedMessage)))
    var v4 = HeaderTranslatorTests.timeExceeded.v4
    v4[37] = 1  // the quoted packet's protocol
    v4[48] = 3
    v4 = withMessageChecksum(v4, embedded: true)
    #expect(HeaderTranslator().toIPv6(v4) == .failure(.untranslatable(.embeddedError)))
  }
}
