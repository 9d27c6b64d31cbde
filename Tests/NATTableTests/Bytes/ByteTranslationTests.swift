import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// The packet that bytes hold.
func parsed(_ bytes: [UInt8]) throws -> Packet {
  try Packet(parsing: bytes.span)
}

/// A packet did not go on.
struct NotForwarded: Error {
  var verdict: NATTable.ByteVerdict
}

extension NATTable {
  /// Translates bytes from the inside that must go on.
  mutating func sendBytes(_ bytes: [UInt8], at now: Instant = .zero) throws -> [UInt8] {
    var bytes = bytes
    var span = bytes.mutableSpan
    let verdict = outbound(&span, at: now)
    guard verdict == .forward else { throw NotForwarded(verdict: verdict) }
    return bytes
  }

  /// Translates bytes from the outside that must go on.
  mutating func receiveBytes(_ bytes: [UInt8], at now: Instant = .zero) throws -> [UInt8] {
    var bytes = bytes
    var span = bytes.mutableSpan
    let verdict = inbound(&span, at: now)
    guard verdict == .forward else { throw NotForwarded(verdict: verdict) }
    return bytes
  }
}

@Suite struct ByteTranslationTests {
  enum V6 {
    static let host: TransportAddress = "[fd00::2]:5000"
    static let server: TransportAddress = "[2001:db8:1::1]:3478"
    static let external: IPAddress = "2001:db8::7"
  }

  static let packets: [Packet] = [
    Packet(from: host, to: server), .tcp(.syn, from: host, to: server),
    .query(from: host.address, identifier: 7, to: server.address),
    Packet(from: V6.host, to: V6.server), .tcp(.syn, from: V6.host, to: V6.server),
    .query(from: V6.host.address, identifier: 7, to: V6.server.address),
  ]

  @Test("Bytes say what the packet says, for each protocol and family", arguments: packets)
  func roundTrip(packet: Packet) throws {
    var read = try parsed(packet.bytes(payload: [1, 2, 3]))
    read.payloadLength = 0
    #expect(read == packet)
    #expect(wrongChecksums(of: packet.bytes(payload: [1, 2, 3])) == [])
  }

  @Test("A packet out and its answer back: the parsed translation, right checksums, same payload")
  func bothWays() throws {
    var random = SeededGenerator(seed: 1624)
    for round in 0..<3000 {
      var nat = NATTable(
        .linuxRandom, external: [external, V6.external], randomSeed: UInt64(round))
      let payload = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      var packet = Self.packets[round % Self.packets.count]
      packet.source.port = .random(in: 0...65535, using: &random)
      let sent = try nat.sendBytes(packet.bytes(payload: payload))
      #expect(wrongChecksums(of: sent) == [])
      #expect(Array(sent.suffix(payload.count)) == payload)
      let seen = try parsed(sent)
      #expect(seen.source.address == nat.externalAddresses[packet.source.address < "::" ? 0 : 1])
      let answer = try nat.receiveBytes(seen.reply.bytes(payload: payload))
      #expect(wrongChecksums(of: answer) == [])
      #expect(try parsed(answer).destination == packet.source)

      let error = Packet.error(
        packet.protocol == .icmpv6 || packet.source.address >= "::"
          ? .init(type: 1, code: 4) : .portUnreachable, from: seen.destination.address, about: seen)
      let delivered = try nat.receiveBytes(error.bytes())
      #expect(wrongChecksums(of: delivered) == [])
      let read = try parsed(delivered)
      #expect(read.destination.address == packet.source.address)
      guard case .error(let about) = read.content else {
        Issue.record("an error became something else")
        continue
      }
      #expect(about.embedded.source == packet.source)
      #expect(about.embedded.destination.address == packet.destination.address)
    }
  }

  @Test("RFC 5508 REQ-5: an error from the inside leaves with right checksums too")
  func errorFromInside() throws {
    for packet in Self.packets where packet.protocol == .udp {
      var nat = NATTable(.fullCone, external: external, V6.external)
      let sent = try parsed(nat.sendBytes(packet.bytes()))
      let received = try parsed(nat.receiveBytes(sent.reply.bytes()))
      let error = Packet.error(
        packet.source.address >= "::" ? .init(type: 1, code: 4) : .portUnreachable,
        from: packet.source.address, about: received)
      let out = try nat.sendBytes(error.bytes())
      #expect(wrongChecksums(of: out) == [])
      let read = try parsed(out)
      guard case .error(let about) = read.content else { continue }
      #expect(about.embedded.destination == sent.source)
    }
  }

  @Test("A UDP checksum of 0 means none and stays 0 in IPv4")
  func noChecksum() throws {
    var nat = NATTable(.fullCone, external: external)
    var bytes = Packet(from: host, to: server).bytes(payload: [1])
    bytes[26] = 0
    bytes[27] = 0
    let sent = try nat.sendBytes(bytes)
    #expect(sent[26...27].elementsEqual([0, 0]))
    #expect(wrongChecksums(of: sent) == [])
  }

  @Test("A UDP checksum that comes out as 0 is sent as 0xFFFF")
  func zeroChecksum() throws {
    // Some value of the payload makes each sum; of 65 536 one makes this one.
    var found = 0
    for word in UInt16.min...UInt16.max {
      let payload = [UInt8(word >> 8), UInt8(word & 255)]
      let bytes = Packet(from: "203.0.113.7:5000", to: server).bytes(payload: payload)
      guard bytes[26] == 0xFF, bytes[27] == 0xFF else { continue }
      found += 1
      var configuration = NATTable.Configuration.fullCone
      configuration.rewritesIdentification = false
      var nat = NATTable(configuration, external: external)
      let sent = try nat.sendBytes(Packet(from: host, to: server).bytes(payload: payload))
      #expect(sent == bytes)
    }
    #expect(found > 0)
  }

  @Test("REQ-14: fragments in bytes keep their datagram's checksum right")
  func fragments() throws {
    var nat = NATTable(.fullCone, external: external)
    let payload = (0..<64).map { UInt8($0) }
    let whole = Packet(from: host, to: server)
    let body = Array(whole.bytes(payload: payload)[20...])
    var pieces: [[UInt8]] = []
    for offset in stride(from: 0, to: body.count, by: 24) {
      var piece = whole
      piece.fragment = Fragment(
        identification: 9, offset: UInt16(offset), moreFollow: offset + 24 < body.count)
      var template = piece
      template.fragment?.offset = 8  // as a later fragment, so that the body is taken as it is
      var bytes = template.bytes(payload: Array(body[offset..<min(offset + 24, body.count)]))
      let flags = UInt16(offset) >> 3 | (piece.fragment?.moreFollow == true ? 0x2000 : 0)
      bytes[6] = UInt8(flags >> 8)
      bytes[7] = UInt8(flags & 255)
      bytes[10...11] = [0, 0]
      var sum = Checksum()
      sum.add(bytes.span, in: 0..<20)
      bytes[10] = UInt8(sum.value >> 8)
      bytes[11] = UInt8(sum.value & 255)
      pieces.append(bytes)
    }
    var joined: [UInt8] = []
    for piece in pieces {
      let sent = try nat.sendBytes(piece)
      #expect(Array(sent[12..<16]) == [203, 0, 113, 7])
      joined += sent[20...]
    }
    let expected = Packet(from: "203.0.113.7:5000", to: server).bytes(payload: payload)
    #expect(joined == Array(expected[20...]))
  }

  @Test("A router takes one off the time to live and keeps the checksum right")
  func hopLimit() {
    for packet in Self.packets {
      for limit in UInt8.min...UInt8.max {
        var bytes = packet.bytes(timeToLive: limit)
        let before = bytes
        var span = bytes.mutableSpan
        let goesOn = HopLimit.decrement(&span)
        #expect(goesOn == (limit > 1))
        #expect(wrongChecksums(of: bytes) == [])
        #expect(bytes == (goesOn ? packet.bytes(timeToLive: limit - 1) : before))
      }
    }
  }
}
