import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// What came of bytes: the translated packet's, or why there are none.
private enum Outcome: Equatable {
  case forward([UInt8])
  case drop(NAT64.DropReason)
  case hold
}

extension NAT64 {
  fileprivate mutating func outbound(
    _ bytes: [UInt8], room: Int = 2000, at now: Instant = .zero
  ) -> Outcome {
    var input = bytes
    var buffer = [UInt8](repeating: 0xEE, count: room)
    var output = buffer.mutableSpan
    var span = input.mutableSpan
    let verdict = outbound(&span, into: &output, at: now)
    if case .forward = verdict {} else { #expect(input == bytes) }
    return outcome(verdict, buffer)
  }

  fileprivate mutating func inbound(
    _ bytes: [UInt8], room: Int = 2000, at now: Instant = .zero
  ) -> Outcome {
    var buffer = [UInt8](repeating: 0xEE, count: room)
    var output = buffer.mutableSpan
    let verdict = inbound(bytes.span, into: &output, at: now)
    return outcome(verdict, buffer)
  }

  private func outcome(_ verdict: ByteVerdict, _ buffer: [UInt8]) -> Outcome {
    switch verdict {
    case .forward(let output): .forward(Array(buffer.prefix(output.length)))
    case .drop(let reason): .drop(reason)
    case .hold: .hold
    }
  }
}

@Suite struct NAT64ByteTests {
  static let host = RFC6146Tests.host
  static let server = RFC6146Tests.server

  static let packets = [
    Packet(from: host, to: server), .tcp(.syn, from: host, to: server),
    .query(from: host.address, identifier: 7, to: server.address),
  ]

  @Test("A packet out, its answer and an error back: as parsed, right checksums, same payload")
  func bothWays() throws {
    var random = SeededGenerator(seed: 6146)
    for length in [96, 64, 32] {
      let prefix = try #require(EmbeddedIPv4Prefix("2001:db8:64::", length: length))
      for prefix in [prefix, .wellKnown] {
        for packet in Self.packets {
          var packet = packet
          packet.source.address = "fd00::2"
          packet.destination.address = .v6(prefix.address(for: "198.51.100.1"))
          var nat = NAT64(prefix: prefix, external: ["203.0.113.7"])
          var parsed = nat
          for count in 0..<20 {
            let payload = (0..<count * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
            guard case .forward(let sent) = nat.outbound(packet.bytes(payload: payload)),
              let expected = parsed.outbound(packet, at: .zero).packet
            else {
              Issue.record("\(packet) was dropped")
              return
            }
            #expect(wrongChecksums(of: sent) == [])
            #expect(sent.suffix(payload.count) == payload[...])
            #expect(sent[8] == 63)
            var seen = try Packet(parsing: sent.span)
            seen.payloadLength = 0
            #expect(seen == expected)

            let answer = expected.reply
            guard case .forward(let received) = nat.inbound(answer.bytes(payload: payload)) else {
              Issue.record("\(answer) was dropped")
              return
            }
            #expect(wrongChecksums(of: received) == [])
            var back = try Packet(parsing: received.span)
            back.payloadLength = 0
            #expect(back == packet.reply)

            let error = Packet.error(.timeExceeded, from: "192.0.2.254", about: expected)
            guard case .forward(let bytes) = nat.inbound(error.bytes()) else {
              Issue.record("\(error) was dropped")
              return
            }
            #expect(wrongChecksums(of: bytes) == [])
            var complaint = try Packet(parsing: bytes.span)
            complaint.payloadLength = 0
            #expect(.forward(complaint) == parsed.inbound(error, at: .zero))
          }
        }
      }
    }
  }

  @Test("An error from the inside leaves with the IPv4 address and right checksums")
  func errorFromInside() throws {
    var nat = NAT64(external: ["203.0.113.7"])
    _ = nat.outbound(Self.packets[0].bytes())
    let incoming = Packet(from: "198.51.100.1:80", to: "203.0.113.7:5000")
    guard case .forward(let received) = nat.inbound(incoming.bytes(payload: [1, 2, 3])) else {
      Issue.record("the packet was dropped")
      return
    }
    for reporter in [Self.host.address, "2001:db8:1::fe"] {
      var buffer = [UInt8](repeating: 0, count: 1500)
      var output = buffer.mutableSpan
      let message = ICMPErrorMessage(.portUnreachable(for: reporter))
      let length = try #require(
        message.write(about: received.span, from: reporter, into: &output))
      guard case .forward(let sent) = nat.outbound(Array(buffer.prefix(length))) else {
        Issue.record("the error was dropped")
        return
      }
      #expect(wrongChecksums(of: sent) == [])
      let expected = Packet.error(.portUnreachable, from: "203.0.113.7", about: incoming)
      #expect(try Packet(parsing: sent.span).content == expected.content)
      // The quoted packet is the one that came, but for its hops.
      var quoted = Array(sent[28...])
      #expect(quoted[8] == 63)
      quoted[8] = 64
      #expect(
        Array(withChecksums(quoted)[8...]) == Array(incoming.bytes(payload: [1, 2, 3])[8...]))
    }
  }

  @Test("A hairpinned packet stays IPv6, loses a hop and keeps right checksums")
  func hairpinning() throws {
    var configuration = NATTable.Configuration.nat64
    configuration.filtering = .endpointIndependent
    var nat = NAT64(configuration, external: ["203.0.113.7"])
    _ = nat.outbound(Packet(from: RFC6146Tests.neighbour, to: Self.server).bytes())
    let packet = Packet(from: "[2001:db8:1::2]:6000", to: "[64:ff9b::203.0.113.7]:5000")
    guard case .forward(let bytes) = nat.outbound(packet.bytes(payload: [1, 2, 3])) else {
      Issue.record("the packet was dropped")
      return
    }
    #expect(bytes[0] >> 4 == 6)
    #expect(bytes[7] == 63)
    #expect(wrongChecksums(of: bytes) == [])
    #expect(try Packet(parsing: bytes.span).destination == RFC6146Tests.neighbour)
    #expect(
      nat.outbound(packet.bytes(), room: 47)
        == .drop(.translation(.outputTooShort(needed: 48))))
  }

  @Test("What cannot be translated makes no mapping")
  func noMappings() {
    var nat = NAT64(external: ["203.0.113.7"])
    var used = Self.packets[0].bytes()
    used[7] = 1
    #expect(nat.outbound(used) == .drop(.translation(.hopLimitExceeded)))
    #expect(
      nat.outbound(Self.packets[0].bytes(), room: 20)
        == .drop(.translation(.outputTooShort(needed: 28))))
    let long = Self.packets[0].bytes(payload: Array(repeating: 0, count: 1600))
    #expect(nat.outbound(long) == .drop(.translation(.tooBig(mtu: 1520))))
    #expect(nat.mappings.isEmpty)
    #expect(
      NAT64.answer(to: .translation(.tooBig(mtu: 1520)), fromInside: true)
        == .tooBig(mtu: 1520, isV6: true))
  }

  @Test("Fragments out of order are held and then go on")
  func fragments() throws {
    var nat = NAT64(external: ["203.0.113.7"])
    let datagram = Self.packets[0].bytes(payload: (0..<2000).map { UInt8($0 & 255) })
    let fragments = Fragmentation(mtu: 1280, identification: 0x1_0007).fragments(of: datagram.span)
    #expect(nat.outbound(fragments[1]) == .hold)
    var body: [UInt8] = []
    for fragment in fragments {
      guard case .forward(let sent) = nat.outbound(fragment) else {
        Issue.record("a fragment was dropped")
        return
      }
      #expect(sent[4...5] == [0, 7])
      body += sent[20...]
    }
    var whole = Packet(from: "203.0.113.7:5000", to: "198.51.100.1:80").bytes()
    whole.replaceSubrange(20..., with: body)
    whole[2...3] = [UInt8(whole.count >> 8), UInt8(whole.count & 255)]
    #expect(wrongChecksums(of: withChecksums(whole)) == [])
  }

  @Test("Random bytes and damaged packets, both ways: no crash, and what goes on is sound")
  func random() {
    var random = SeededGenerator(seed: 64)
    var configuration = NATTable.Configuration.nat64
    configuration.filtering = .endpointIndependent
    var nat = NAT64(configuration, external: ["203.0.113.7"])
    var now = Instant.zero
    let outside = Self.packets.map { packet in
      var nat = NAT64(external: ["203.0.113.7"])
      return nat.outbound(packet, at: .zero).packet ?? packet
    }
    var inputs: [[UInt8]] = []
    for (inside, outside) in zip(Self.packets, outside) {
      inputs += [inside.bytes(payload: [1, 2, 3]), outside.reply.bytes(payload: [1, 2, 3])]
      inputs.append(Packet.error(.hostUnreachable, from: "192.0.2.1", about: outside).bytes())
      let received = Packet.error(
        ICMPError.Kind(type: 4, code: 0), from: Self.host.address, about: inside.reply)
      inputs.append(received.bytes())
      var fragment = inside
      fragment.fragment = Fragment(identification: 7, offset: 0, moreFollow: true)
      inputs.append(fragment.bytes(payload: [1, 2, 3, 4, 5, 6, 7, 8]))
    }
    var forwarded = 0
    for round in 0..<60_000 {
      var bytes = inputs[round % inputs.count]
      switch round % 4 {
      case 0:
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
      case 1: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      case 2: bytes += (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
      default: break
      }
      if bytes.count >= 20, bytes[0] >> 4 == 4, bytes[0] & 0xF >= 5,
        Int(bytes[0] & 0xF) * 4 <= bytes.count
      {
        bytes = withChecksums(bytes)
      }
      now = now.advanced(by: .milliseconds(Int.random(in: 0...500, using: &random)))
      let room = round % 7 == 0 ? Int.random(in: 0...100, using: &random) : 2000
      let outcome =
        bytes.first.map { $0 >> 4 } == 6
        ? nat.outbound(bytes, room: room, at: now) : nat.inbound(bytes, room: room, at: now)
      if case .forward(let result) = outcome {
        forwarded += 1
        #expect(throws: Never.self) { try Packet(parsing: result.span) }
      }
      while nat.nextAction() != nil {}
    }
    #expect(forwarded > 10_000)
  }
}
