import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// RFC 7915's rules for lengths: the Fragment header, the DF bit, and what is too long.
@Suite struct FragmentTranslationTests {
  static let v4 = Packet(from: "203.0.113.7:5000", to: "198.51.100.1:53")
  static let v6 = Packet(from: "[64:ff9b::203.0.113.7]:5000", to: "[64:ff9b::198.51.100.1]:53")

  /// The bytes of an IPv4 packet that must not be cut up.
  private func whole(_ packet: Packet, payload: Int) -> [UInt8] {
    var bytes = packet.bytes(payload: Array(repeating: 0xAB, count: payload))
    bytes[6] |= 0x40
    return withChecksums(bytes)
  }

  @Test("§4.1: only a fragment gets a Fragment header, with its number, offset and M flag")
  func fragmentHeader() throws {
    for (offset, more) in [(UInt16(0), true), (1480, true), (2960, false)] {
      var packet = Self.v4
      packet.fragment = Fragment(identification: 0xBEEF, offset: offset, moreFollow: more)
      let v6 = try HeaderTranslator().toIPv6(packet.bytes(payload: Array(repeating: 1, count: 80)))
        .get()
      #expect(v6[6] == 44)
      #expect(v6[40...41] == [17, 0])
      #expect(v6[42...43] == [UInt8(offset >> 8), UInt8(offset & 255) | (more ? 1 : 0)])
      #expect(v6[44...47] == [0, 0, 0xBE, 0xEF])
      #expect(Int(v6[4]) << 8 | Int(v6[5]) == v6.count - 40)
    }
    #expect(try HeaderTranslator().toIPv6(Self.v4.bytes()).get()[6] == 17)
  }

  @Test("§5.1.1: a Fragment header becomes number, offset and MF bit, and others may cut on")
  func fragmentsToIPv4() throws {
    var translator = HeaderTranslator()
    for (offset, more) in [(UInt16(0), true), (1232, true), (2464, false)] {
      var packet = Self.v6
      packet.fragment = Fragment(identification: 0xDEAD_BEEF, offset: offset, moreFollow: more)
      let bytes = packet.bytes(payload: Array(repeating: 1, count: 1224))
      let v4 = try translator.toIPv4(bytes).get()
      #expect(v4.count == bytes.count - 28)
      #expect(v4[4...5] == [0xBE, 0xEF])
      let word = offset >> 3 | (more ? 0x2000 : 0)
      #expect(v4[6...7] == [UInt8(word >> 8), UInt8(word & 255)])
      #expect(v4[9] == 17)
    }
  }

  @Test("The fragments of a datagram have its checksum right when put together again")
  func checksumOfFragments() throws {
    let datagram = Self.v4.bytes(payload: (0..<3000).map { UInt8($0 & 255) })
    var body: [UInt8] = []
    for fragment in Fragmentation(mtu: 1000).fragments(of: datagram.span) {
      let v6 = try HeaderTranslator().toIPv6(fragment).get()
      body += v6[48...]
    }
    var together = Self.v6.bytes(payload: [])
    together.replaceSubrange(40..., with: body)
    together[4...5] = [UInt8(body.count >> 8), UInt8(body.count & 255)]
    #expect(wrongChecksums(of: together) == [])
  }

  @Test("§5.1: up to 1260 bytes DF is off and there is a number, above it is on")
  func dontFragment() throws {
    var translator = HeaderTranslator()
    let short = try translator.toIPv4(Self.v6.bytes(payload: Array(repeating: 0, count: 1232)))
      .get()
    #expect(short.count == 1260)
    #expect(short[6] == 0)
    let long = try translator.toIPv4(Self.v6.bytes(payload: Array(repeating: 0, count: 1233))).get()
    #expect(long[6] == 0x40)
    // RFC 6864 §4.3: the next short one has another number.
    let next = try translator.toIPv4(Self.v6.bytes(payload: [])).get()
    #expect(next[4...5] != short[4...5])
  }

  @Test("§4: what has the DF bit and is too long is answered with 3/4 and the MTU less 20")
  func tooBigForIPv6() {
    let translator = HeaderTranslator()
    #expect(throws: Never.self) {
      try translator.toIPv6(whole(Self.v4, payload: 1500 - 48)).get()
    }
    let failure = TranslationFailure.tooBig(mtu: 1480)
    #expect(translator.toIPv6(whole(Self.v4, payload: 1501 - 48)) == .failure(failure))
    #expect(failure.answer(isV6: false) == .tooBig(mtu: 1480, isV6: false))
  }

  @Test("§5: what is too long for IPv4 is answered with packet too big, 20 more and 1280 at least")
  func tooBigForIPv4() {
    var translator = HeaderTranslator()
    translator.ipv4MTU = 1400
    let long = Self.v6.bytes(payload: Array(repeating: 0, count: 1400))
    #expect(translator.toIPv4(long) == .failure(.tooBig(mtu: 1420)))
    translator.ipv4MTU = 576
    #expect(translator.toIPv4(long) == .failure(.tooBig(mtu: 1280)))
    #expect(
      TranslationFailure.tooBig(mtu: 1280).answer(isV6: true)
        == ICMPErrorMessage(ICMPError.Kind(type: 2, code: 0), parameter: 1280))
  }

  @Test("§4: without the DF bit it is cut so that every fragment arrives, 1280 bytes long at most")
  func cutForIPv6() throws {
    var buffer = [UInt8](repeating: 0, count: 5000)
    var output = buffer.mutableSpan
    let payload = (0..<2000).map { UInt8($0 & 255) }
    var packet = Self.v4.bytes(payload: payload)
    packet[4...5] = [0x12, 0x34]
    packet = withChecksums(packet)
    let result = try HeaderTranslator().toIPv6(packet.span, into: &output)
    let cutting = try #require(result.fragmentation)
    let fragments = cutting.fragments(of: buffer.span.extracting(first: result.length))
    #expect(fragments.map(\.count) == [1280, 40 + 8 + 2008 - 1232])
    #expect(fragments.allSatisfy { $0[6] == 44 && Array($0[44...47]) == [0, 0, 0x12, 0x34] })
    #expect(fragments.flatMap { $0[48...] } == Array(buffer[40..<40 + 2008]))
    for fragment in fragments { #expect(throws: Never.self) { try Packet(parsing: fragment.span) } }
  }

  @Test("§4.1: where the network takes more than 1280 bytes the fragments may be longer")
  func lowestIPv6MTU() throws {
    var translator = HeaderTranslator()
    translator.lowestIPv6MTU = 1400
    for (payload, expected) in [(1352, nil), (1353, 1400)] as [(Int, Int?)] {
      var buffer = [UInt8](repeating: 0, count: 5000)
      var output = buffer.mutableSpan
      let packet = Self.v4.bytes(payload: Array(repeating: 0, count: payload))
      let result = try translator.toIPv6(packet.span, into: &output)
      #expect(result.fragmentation?.mtu == expected)
    }
    translator.lowestIPv6MTU = 5
    #expect(translator.lowestIPv6MTU == 1280)
  }

  @Test("What IPv6 lets nobody make shorter is cut for an IPv4 link that takes less")
  func cutForIPv4() throws {
    var translator = HeaderTranslator()
    translator.ipv4MTU = 576
    var buffer = [UInt8](repeating: 0, count: 1500)
    var output = buffer.mutableSpan
    let packet = Self.v6.bytes(payload: Array(repeating: 7, count: 1000))
    let result = try translator.toIPv4(packet.span, into: &output)
    let cutting = try #require(result.fragmentation)
    let fragments = cutting.fragments(of: buffer.span.extracting(first: result.length))
    #expect(fragments.map(\.count) == [572, 476])
    #expect(Set(fragments.map { Array($0[4...5]) }).count == 1)
  }
}

@Suite struct FragmentationTests {
  @Test(
    "Fragments put together are the packet, whatever the MTU; all but the last are multiples of 8")
  func whole() {
    let payload = (0..<1000).map { UInt8($0 & 255) }
    for packet in [FragmentTranslationTests.v4, FragmentTranslationTests.v6] {
      let bytes = packet.bytes(payload: payload)
      let header = bytes[0] >> 4 == 6 ? 40 : 20
      for mtu in [bytes[0] >> 4 == 6 ? 56 : 28, 68, 100, 576, 1007, 1008, 1500] {
        let fragments = Fragmentation(mtu: mtu, identification: 9).fragments(of: bytes.span)
        let extra = header == 40 ? 8 : 0
        #expect(fragments.flatMap { $0[(header + extra)...] } == Array(bytes[header...]))
        #expect(fragments.allSatisfy { $0.count <= mtu })
        #expect(fragments.dropLast().allSatisfy { ($0.count - header - extra) % 8 == 0 })
        for (index, fragment) in fragments.enumerated() {
          let parsed = try? Packet(parsing: fragment.span)
          #expect(parsed?.fragment?.moreFollow ?? false == (index < fragments.count - 1))
        }
      }
    }
  }

  @Test("A fragment is cut up into fragments of the same datagram")
  func again() throws {
    let bytes = FragmentTranslationTests.v4.bytes(payload: (0..<2000).map { UInt8($0 & 255) })
    let once = Fragmentation(mtu: 1500).fragments(of: bytes.span)
    let twice = once.flatMap { Fragmentation(mtu: 576).fragments(of: $0.span) }
    #expect(twice.flatMap { $0[20...] } == Array(bytes[20...]))
    let offsets = twice.map { (Int($0[6] & 0x1F) << 8 | Int($0[7])) * 8 }
    var expected = 0
    for (offset, fragment) in zip(offsets, twice) {
      #expect(offset == expected)
      expected += fragment.count - 20
    }
    #expect(twice.map { $0[6] & 0x20 != 0 } == twice.indices.map { $0 < twice.count - 1 })
  }

  @Test("RFC 791 §3.1: an option without the copied flag stands in the first fragment only")
  func options() {
    var bytes = FragmentTranslationTests.v4.bytes(payload: Array(repeating: 0, count: 100))
    bytes[0] = 0x47
    bytes[3] += 8
    bytes.insert(contentsOf: [7, 3, 4, 0x94, 4, 0, 0, 0], at: 20)  // record route, router alert
    let fragments = Fragmentation(mtu: 76).fragments(of: withChecksums(bytes).span)
    #expect(fragments[0][20..<28] == [7, 3, 4, 0x94, 4, 0, 0, 0])
    for fragment in fragments.dropFirst() {
      #expect(fragment[20..<28] == [1, 1, 1, 0x94, 4, 0, 0, 0])
      #expect(withChecksums(fragment) == fragment)
    }
  }

  @Test("No MTU and no bytes make it crash or go on for ever")
  func hostile() {
    var random = SeededGenerator(seed: 791)
    for round in 0..<2000 {
      var bytes = FragmentTranslationTests.v4.bytes(payload: Array(repeating: 0, count: 60))
      if round.isMultiple(of: 2) {
        bytes = FragmentTranslationTests.v6.bytes(payload: Array(repeating: 0, count: 60))
      }
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      if bytes[0] >> 4 == 4, bytes[0] & 15 >= 5 { bytes = withChecksums(bytes) }
      let mtu = Int.random(in: -1...120, using: &random)
      #expect(Fragmentation(mtu: mtu).fragments(of: bytes.span).count < 10_000)
    }
  }
}
