import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// RFC 7915 on bytes that were put together by another program.
@Suite struct HeaderTranslatorTests {
  struct Pair: CustomTestStringConvertible {
    var testDescription: String
    var v4: [UInt8]
    var v6: [UInt8]
  }

  /// The same packet in both versions: DSCP EF, don't fragment, 64 hops before and 63 after.
  static let udp = Pair(
    testDescription: "UDP",
    v4: bytes(
      """
      45b8 0020 1234 4000 4011 c1a4 cb00 7107 c633 6401
      1388 0035 000c a70b 7069 6e67
      """),
    v6: bytes(
      """
      6b80 0000 000c 113f 0064 ff9b 0000 0000 0000 0000 cb00 7107
      0064 ff9b 0000 0000 0000 0000 c633 6401
      1388 0035 000c a70b 7069 6e67
      """))

  static let echo = Pair(
    testDescription: "echo",
    v4: bytes("4500 0020 0000 4000 4001 d4a0 cb00 7107 c633 6401 0800 3331 0007 0001 6162 6364"),
    v6: bytes(
      """
      6000 0000 000c 3a3f 0064 ff9b 0000 0000 0000 0000 cb00 7107
      0064 ff9b 0000 0000 0000 0000 c633 6401
      8000 54ad 0007 0001 6162 6364
      """))

  /// A router at 192.0.2.254 about a packet whose hops were used up.
  static let timeExceeded = Pair(
    testDescription: "time exceeded",
    v4: bytes(
      """
      4500 003c 0000 4000 4001 3bbb c000 02fe cb00 7107 0b00 5b5a 0000 0000
      4500 0020 1234 4000 0111 015d cb00 7107 c633 6401 1388 0035 000c a70b 7069 6e67
      """),
    v6: bytes(
      """
      6000 0000 003c 3a3f 0064 ff9b 0000 0000 0000 0000 c000 02fe
      0064 ff9b 0000 0000 0000 0000 cb00 7107 0300 8c92 0000 0000
      6000 0000 000c 1101 0064 ff9b 0000 0000 0000 0000 cb00 7107
      0064 ff9b 0000 0000 0000 0000 c633 6401 1388 0035 000c a70b 7069 6e67
      """))

  static let pairs = [udp, echo, timeExceeded]

  @Test("§4: IPv4 becomes IPv6, byte for byte", arguments: pairs)
  func toIPv6(pair: Pair) {
    #expect(HeaderTranslator().toIPv6(pair.v4) == .success(pair.v6))
  }

  @Test("§5: and back, but for the Identification and the hops", arguments: pairs)
  func toIPv4(pair: Pair) throws {
    var translator = HeaderTranslator()
    var back = try translator.toIPv4(pair.v6).get()
    #expect(wrongChecksums(of: back) == [])
    // §5.1: up to 1260 bytes others may cut it up, so that it has a number and no DF bit.
    #expect(back[6...7] == [0, 0])
    var expected = pair.v4
    for offset in [4, 5, 6, 10, 11] { (back[offset], expected[offset]) = (0, 0) }
    expected[8] = 62
    if pair.testDescription == "time exceeded" {
      for offset in [22, 23, 32, 33, 34, 38, 39] { (back[offset], expected[offset]) = (0, 0) }
    }
    #expect(back == expected)
  }

  @Test("Any packet there and back, with any prefix: right checksums, the same payload")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 7915)
    let host: TransportAddress = "203.0.113.7:5000"
    let packets = [
      Packet(from: host, to: server), Packet.tcp(.syn, from: host, to: server),
      .query(from: host.address, identifier: 7, to: server.address),
      Packet.query(from: server.address, identifier: 7, to: host.address).reply,
      .error(.portUnreachable, from: server.address, about: Packet(from: host, to: server)),
      .error(.timeExceeded, from: "192.0.2.254", about: .tcp(.syn, from: host, to: server)),
      .error(
        .hostUnreachable, from: "192.0.2.254",
        about: .query(from: host.address, identifier: 7, to: server.address)),
    ]
    for (prefix, length) in EmbeddedIPv4PrefixTests.examples.map({ ($0.prefix, $0.length) }) {
      var translator = HeaderTranslator(try #require(EmbeddedIPv4Prefix(prefix, length: length)))
      for round in 0..<70 {
        let packet = packets[round % packets.count]
        var payload = (0..<round).map { _ in UInt8.random(in: 0...255, using: &random) }
        if case .error = packet.content { payload = [] }
        let v4 = packet.bytes(payload: payload)
        let v6 = try translator.toIPv6(v4).get()
        #expect(wrongChecksums(of: v6) == [])
        var back = try translator.toIPv4(v6).get()
        #expect(wrongChecksums(of: back) == [])
        #expect(back[8] == 62)
        var expected = v4
        for offset in [4, 5, 8, 10, 11] { (back[offset], expected[offset]) = (0, 0) }
        #expect(back == expected)
      }
    }
  }

  @Test("§4.1: IPv4 options are left out, the checksums stay right")
  func options() throws {
    var v4 = Self.udp.v4
    v4[0] = 0x46
    v4[3] += 4
    v4.insert(contentsOf: [7, 3, 4, 0], at: 20)  // record route, without room
    #expect(HeaderTranslator().toIPv6(withChecksums(v4)) == .success(Self.udp.v6))
  }

  @Test("§4.1: a source route that is not at its end is answered with 3/5", arguments: [131, 137])
  func sourceRoute(option: UInt8) throws {
    var v4 = Self.udp.v4
    v4[0] = 0x47
    v4[3] += 8
    v4.insert(contentsOf: [option, 7, 4, 192, 0, 2, 1, 0], at: 20)
    let translator = HeaderTranslator()
    #expect(translator.toIPv6(withChecksums(v4)) == .failure(.sourceRouted))
    #expect(
      TranslationFailure.sourceRouted.answer(isV6: false)?.kind == ICMPError.Kind(type: 3, code: 5))
    // Past its last address it is only a record.
    v4[22] = 8
    #expect(translator.toIPv6(withChecksums(v4)) == .success(Self.udp.v6))
  }

  @Test("§5.1: extension headers are left out; a routing header must be at its end")
  func extensionHeaders() throws {
    var translator = HeaderTranslator()
    var v6 = Self.udp.v6
    v6[5] += 24
    v6[6] = 0
    v6.insert(
      contentsOf: [43, 0, 1, 4, 0, 0, 0, 0] + [60, 0, 4, 0, 0, 0, 0, 0] + [
        17, 0, 1, 4, 0, 0, 0, 0,
      ],
      at: 40)
    let plain = try translator.toIPv4(Self.udp.v6).get()
    let result = try translator.toIPv4(v6).get()
    #expect(result.count == plain.count)
    #expect(result[20...] == plain[20...])
    #expect(result[9] == 17)
    v6[51] = 1
    #expect(translator.toIPv4(v6) == .failure(.segmentsLeft(offset: 51)))
    let answer = TranslationFailure.segmentsLeft(offset: 51).answer(isV6: true)
    #expect(answer == ICMPErrorMessage(ICMPError.Kind(type: 4, code: 0), parameter: 51))
  }

  @Test(
    "§5.1.1: what has other headers behind its Fragment header is prohibited",
    arguments: [0, 43, 60, 51] as [UInt8])
  func headersBehindFragment(kind: UInt8) {
    var translator = HeaderTranslator()
    var v6 = Self.udp.v6
    v6[5] += 16
    v6[6] = 44
    v6.insert(contentsOf: [kind, 0, 0, 1, 0, 0, 0, 7] + [17, 0, 1, 4, 0, 0, 0, 0], at: 40)
    let failure = TranslationFailure.untranslatable(.headersBehindFragment)
    #expect(translator.toIPv4(v6) == .failure(failure))
    #expect(failure.answer(isV6: true)?.kind == ICMPError.Kind(type: 1, code: 1))
  }

  @Test("§4.1, §5.1: used up hops are answered with time exceeded", arguments: [0, 1] as [UInt8])
  func hops(left: UInt8) {
    var translator = HeaderTranslator()
    var v4 = Self.udp.v4
    v4[8] = left
    #expect(translator.toIPv6(withChecksums(v4)) == .failure(.hopLimitExceeded))
    var v6 = Self.udp.v6
    v6[7] = left
    #expect(translator.toIPv4(v6) == .failure(.hopLimitExceeded))
    #expect(TranslationFailure.hopLimitExceeded.answer(isV6: false)?.kind == .timeExceeded)
    #expect(
      TranslationFailure.hopLimitExceeded.answer(isV6: true)?.kind
        == ICMPError.Kind(type: 3, code: 0))
  }

  @Test(
    "§4.1, §5.1: nobody is answered at an illegal source",
    arguments: ["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255"] as [IPAddress])
  func illegalSource(source: IPAddress) {
    let packet = Packet(from: TransportAddress(source, port: 1), to: server)
    let failure = TranslationFailure.untranslatable(.illegalSource)
    #expect(HeaderTranslator().toIPv6(packet.bytes()) == .failure(failure))
    // But an error from there helps to find the trouble.
    let about = Packet(from: "203.0.113.7:5000", to: server)
    let error = Packet.error(.timeExceeded, from: source, about: about).bytes()
    #expect(throws: Never.self) { try HeaderTranslator().toIPv6(error).get() }
    #expect(failure.answer(isV6: false) == nil)
  }

  @Test("RFC 6052 §3.1: the well-known prefix carries no private addresses, another one may")
  func wellKnownPrefix() throws {
    let packet = Packet(from: "10.0.0.2:5000", to: server).bytes()
    #expect(HeaderTranslator().toIPv6(packet) == .failure(.untranslatable(.notGlobal)))
    let own = HeaderTranslator(try #require(EmbeddedIPv4Prefix("2001:db8:64::", length: 96)))
    #expect(try wrongChecksums(of: own.toIPv6(packet).get()) == [])
    var translator = HeaderTranslator()
    let v6 = Packet(from: "[64:ff9b::10.0.0.2]:1", to: "[64:ff9b::198.51.100.1]:1").bytes()
    #expect(translator.toIPv4(v6) == .failure(.untranslatable(.notGlobal)))
  }

  @Test("§4.5: a UDP packet without a checksum gets one; a fragment without one is dropped")
  func missingChecksum() throws {
    var v4 = Self.udp.v4
    v4[26...27] = [0, 0]
    #expect(HeaderTranslator().toIPv6(v4) == .success(Self.udp.v6))
    v4[6...7] = [0x20, 0]
    let failure = HeaderTranslator().toIPv6(withChecksums(v4))
    #expect(failure == .failure(.untranslatable(.missingChecksum)))
  }

  @Test("What is not a packet, or of the other version, is refused")
  func refused() {
    var translator = HeaderTranslator()
    #expect(translator.toIPv6(Self.udp.v6) == .failure(.untranslatable(.wrongVersion)))
    #expect(translator.toIPv4(Self.udp.v4) == .failure(.untranslatable(.wrongVersion)))
    let stranger = Packet(from: "[2001:db8::1]:1", to: "[64:ff9b::198.51.100.1]:1").bytes()
    #expect(translator.toIPv4(stranger) == .failure(.untranslatable(.notEmbedded)))
    for pair in Self.pairs {
      for length in 0..<pair.v4.count {
        #expect(throws: TranslationFailure.self) {
          try translator.toIPv6(Array(pair.v4.prefix(length))).get()
        }
      }
      for length in 0..<pair.v6.count {
        #expect(throws: TranslationFailure.self) {
          try translator.toIPv4(Array(pair.v6.prefix(length))).get()
        }
        #expect(
          translator.toIPv6(pair.v4, room: length)
            == .failure(.outputTooShort(needed: pair.v6.count)))
      }
    }
  }
}
