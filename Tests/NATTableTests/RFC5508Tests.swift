import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// RFC 5508's requirements for ICMP, each by its number.
@Suite struct RFC5508Tests {
  let ping = Packet.query(from: "10.0.0.2", identifier: 7, to: "198.51.100.1")

  @Test("REQ-1: a query goes out with the NAT's address, and its reply comes back")
  func query() throws {
    for configuration in [NATTable.Configuration.fullCone, .symmetric] {
      var nat = NATTable(configuration, external: external)
      let sent = try #require(nat.outbound(ping, at: .zero).packet)
      #expect(sent == .query(from: external, identifier: 7, to: "198.51.100.1"))
      #expect(nat.inbound(sent.reply, at: .zero) == .forward(ping.reply))
    }
  }

  @Test("REQ-1: two hosts with one identifier get two, and each its own replies")
  func identifiers() throws {
    var nat = NATTable(external: external)
    let other = Packet.query(from: "10.0.0.3", identifier: 7, to: "198.51.100.1")
    let first = try #require(nat.outbound(ping, at: .zero).packet)
    let second = try #require(nat.outbound(other, at: .zero).packet)
    #expect(first.source != second.source)
    #expect(nat.inbound(second.reply, at: .zero) == .forward(other.reply))
    #expect(nat.inbound(first.reply, at: .zero) == .forward(ping.reply))
  }

  @Test("REQ-1: identifiers 0 and 65535 are as good as others, and are not UDP's ports")
  func wholeRange() {
    var nat = NATTable(external: external)
    for identifier in [UInt16(0), 1, 65535] {
      let ping = Packet.query(from: "10.0.0.2", identifier: identifier, to: "198.51.100.1")
      #expect(nat.outbound(ping, at: .zero).packet?.source.port == identifier)
    }
    #expect(nat.receive(from: server, to: "203.0.113.7:65535") == nil)
  }

  @Test("REQ-1: a query from the outside reaches nobody, as nothing says who should answer")
  func queryFromOutside() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.outbound(.query(from: "10.0.0.2", identifier: 0, to: "198.51.100.1"), at: .zero)
    let knock = Packet.query(from: "198.51.100.1", identifier: 7, to: external)
    #expect(nat.inbound(knock, at: .zero) == .drop(.noMapping))
  }

  @Test("REQ-2: a query is remembered for sixty seconds")
  func timeout() throws {
    var nat = NATTable(external: external)
    let sent = try #require(nat.outbound(ping, at: .zero).packet)
    #expect(nat.inbound(sent.reply, at: .milliseconds(59_999)) == .forward(ping.reply))
    #expect(nat.inbound(sent.reply, at: .seconds(60)) == .drop(.noMapping))
  }

  @Test("REQ-3: an error whose checksum is wrong is dropped, silently and unchanged")
  func checksum() throws {
    var nat = NATTable(.fullCone, external: external)
    let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
    let error = Packet.error(.timeExceeded, from: "192.0.2.254", about: sent).bytes()
    for offset in 20..<error.count {
      var damaged = error
      damaged[offset] ^= 1
      let before = damaged
      var span = damaged.mutableSpan
      guard case .malformed = nat.inbound(&span, at: .zero) else {
        Issue.record("a change of byte \(offset) was not noticed")
        continue
      }
      #expect(damaged == before)
    }
    var right = error
    var span = right.mutableSpan
    #expect(nat.inbound(&span, at: .zero) == .forward)
    #expect(wrongChecksums(of: right) == [])
  }

  @Test("REQ-3a: an error whose embedded IP header has a wrong checksum is dropped, unchanged")
  func embeddedHeaderChecksum() throws {
    var nat = NATTable(.fullCone, external: external)
    let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
    let error = Packet.error(.timeExceeded, from: "192.0.2.254", about: sent).bytes()
    // Each byte of the embedded header but the version, lengths and protocol, which are read first
    for offset in [29, 32, 33, 36, 38, 39] + Array(40..<48) {
      var damaged = error
      damaged[offset] ^= 1
      damaged = withMessageChecksum(damaged)
      let before = damaged
      var span = damaged.mutableSpan
      #expect(
        nat.inbound(&span, at: .zero)
          == .malformed(PacketError(offset: 38, reason: .wrongEmbeddedChecksum)))
      #expect(damaged == before)
    }
  }

  @Test("REQ-3b: IP options of the embedded packet are passed over, and their checksum counts")
  func embeddedOptions() throws {
    var nat = NATTable(.fullCone, external: external)
    let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
    var error = Packet.error(.timeExceeded, from: "192.0.2.254", about: sent).bytes()
    error.insert(contentsOf: [1, 1, 1, 0], at: 48)
    error[28] = 0x46
    error[31] += 4
    error[3] += 4
    var right = withChecksums(withMessageChecksum(error, embedded: true))
    var span = right.mutableSpan
    #expect(nat.inbound(&span, at: .zero) == .forward)
    var wrong = right
    wrong[50] ^= 1
    wrong = withMessageChecksum(wrong)
    span = wrong.mutableSpan
    #expect(
      nat.inbound(&span, at: .zero)
        == .malformed(PacketError(offset: 38, reason: .wrongEmbeddedChecksum)))
  }

  @Test("REQ-3c: the embedded packet's transport checksum is not looked at")
  func embeddedTransportChecksum() throws {
    var nat = NATTable(.fullCone, external: external)
    let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
    var error = Packet.error(.timeExceeded, from: "192.0.2.254", about: sent).bytes()
    error[54...55] = [0x12, 0x34]
    error = withMessageChecksum(error)
    var span = error.mutableSpan
    #expect(nat.inbound(&span, at: .zero) == .forward)
    #expect(wrongChecksums(of: error) == [])
  }

  @Test("REQ-4: an error from the outside reaches the sender and speaks of what it sent")
  func errorFromOutside() throws {
    for packet in [Packet(from: host, to: server), .tcp(.syn, from: host, to: server), ping] {
      var nat = NATTable(.symmetric, external: external)
      let sent = try #require(nat.outbound(packet, at: .zero).packet)
      // A router on the way, of which the NAT has never heard.
      let error = Packet.error(.timeExceeded, from: "192.0.2.254", about: sent)
      #expect(
        nat.inbound(error, at: .zero)
          == .forward(.error(.timeExceeded, from: "192.0.2.254", about: packet)))
    }
  }

  @Test("REQ-4: an error about a packet that nobody sent is dropped")
  func strayErrors() throws {
    var nat = NATTable(.fullCone, external: external)
    let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
    var unknown = sent
    unknown.source.port = 9
    let about = Packet.error(.hostUnreachable, from: server.address, about: unknown)
    #expect(nat.inbound(about, at: .zero) == .drop(.noMapping))
    var misled = Packet.error(.hostUnreachable, from: server.address, about: sent)
    misled.destination.address = "203.0.113.8"
    #expect(nat.inbound(misled, at: .zero) == .drop(.strayError))
  }

  @Test("REQ-5: an error from the inside leaves with the NAT's address, even a router's")
  func errorFromInside() throws {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    let received = Packet(from: server, to: "203.0.113.7:5000")
    let delivered = try #require(nat.inbound(received, at: .zero).packet)
    for reporter in ["10.0.0.2", "10.0.0.254"] as [IPAddress] {
      let error = Packet.error(.portUnreachable, from: reporter, about: delivered)
      #expect(
        nat.outbound(error, at: .zero)
          == .forward(.error(.portUnreachable, from: external, about: received)))
    }
  }

  @Test("REQ-5: an error from the inside about nothing that came in is dropped")
  func strayErrorFromInside() {
    var nat = NATTable(.fullCone, external: external)
    let error = Packet.error(
      .portUnreachable, from: "10.0.0.2", about: Packet(from: server, to: host))
    #expect(nat.outbound(error, at: .zero) == .drop(.noMapping))
  }

  @Test("REQ-6: an error neither refreshes nor ends the query's mapping")
  func errorsRefreshNothing() throws {
    var configuration = NATTable.Configuration()
    configuration.inboundRefresh = true
    var nat = NATTable(configuration, external: external)
    let sent = try #require(nat.outbound(ping, at: .zero).packet)
    _ = nat.inbound(.error(.timeExceeded, from: "192.0.2.254", about: sent), at: .seconds(30))
    #expect(nat.nextDeadline == .seconds(60))
    #expect(nat.count == 1)
  }

  @Test("REQ-7: an error about a hairpinned packet turns round as that did")
  func hairpinnedError() throws {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: neighbour, to: server)
    let sent = Packet(from: "10.0.0.2:6000", to: "203.0.113.7:5000")
    let delivered = try #require(nat.outbound(sent, at: .zero).packet)
    #expect(delivered.destination == neighbour)
    let error = Packet.error(.portUnreachable, from: neighbour.address, about: delivered)
    #expect(
      nat.outbound(error, at: .zero)
        == .forward(.error(.portUnreachable, from: external, about: sent)))
  }

  @Test("REQ-7: a query between hosts with addresses of their own is hairpinned")
  func hairpinnedQuery() throws {
    var nat = NATTable(external: [])
    try nat.addOneToOne(inside: "10.0.0.2", outside: "203.0.113.2")
    try nat.addOneToOne(inside: "10.0.0.3", outside: "203.0.113.3")
    let sent = Packet.query(from: "10.0.0.2", identifier: 7, to: "203.0.113.3")
    let delivered = try #require(nat.outbound(sent, at: .zero).packet)
    #expect(delivered == .query(from: "203.0.113.2", identifier: 7, to: "10.0.0.3"))
    #expect(nat.outbound(delivered.reply, at: .zero) == .forward(sent.reply))
  }

  @Test("REQ-8: a host that gets no mapping can be told that it is prohibited")
  func resourceLimits() {
    for reason in NATTable.DropReason.allCases {
      let answers = reason == .portsExhausted || reason == .hostLimit
      #expect(NATTable.answer(to: reason) == (answers ? .administrativelyProhibited : nil))
    }
    #expect(ICMPError.Kind.administrativelyProhibited == ICMPError.Kind(type: 3, code: 13))
  }

  @Test("REQ-9: a policy can keep the NAT from sending errors, towards either side")
  func policy() {
    var configuration = NATTable.Configuration.fullCone
    configuration.timeouts.unsolicitedSYN = nil
    var nat = NATTable(configuration, external: external)
    _ = nat.inbound(.tcp(.syn, from: stranger, to: "203.0.113.7:80"), at: .zero)
    nat.expire(at: .seconds(60))
    #expect(nat.nextAction() == nil)
    // Towards the inside nothing is sent by itself: the caller asks for an answer, or does not.
    #expect(NATTable.answer(to: .noMapping) == nil)
  }

  @Test("REQ-11: messages that neither ask nor report are dropped, in both versions of ICMP")
  func nonQueryErrors() {
    var nat = NATTable(.fullCone, external: external, "2001:db8::7")
    let pings = [
      (
        Packet.query(from: "10.0.0.2", identifier: 7, to: "198.51.100.1"), 20,
        // Redirect, router advertisement and solicitation, and what nobody has assigned
        [UInt8(5), 6, 9, 10, 19, 255]
      ),
      (
        Packet.query(from: "fd00::2", identifier: 7, to: "2001:db8:1::1"), 40,
        // Multicast listeners, neighbour discovery, unknown errors and others
        [0, 5, 127, 130, 131, 132, 133, 134, 135, 136, 137, 255]
      ),
    ]
    for (ping, offset, types) in pings {
      for type in types {
        var bytes = ping.bytes()
        bytes[offset] = type
        var span = bytes.mutableSpan
        #expect(
          nat.outbound(&span, at: .zero)
            == .malformed(PacketError(offset: offset, reason: .unsupportedMessage)))
      }
    }
    #expect(nat.count == 0)
  }

  @Test("REQ-10: destination unreachable and time exceeded pass, both ways and of every code")
  func kinds() throws {
    for type in [UInt8(3), 11, 12] {
      for code in UInt8(0)...15 {
        let kind = ICMPError.Kind(type: type, code: code)
        var nat = NATTable(external: external)
        let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
        let verdict = nat.inbound(.error(kind, from: server.address, about: sent), at: .zero)
        guard case .error(let error)? = verdict.packet?.content else {
          Issue.record("\(kind) was dropped")
          continue
        }
        #expect(error.kind == kind)
      }
    }
  }

  @Test("IPv6 has its own ICMP, and the families are not mixed")
  func icmpv6() throws {
    var nat = NATTable(external: "2001:db8::7", external)
    let ping = Packet.query(from: "fd00::2", identifier: 7, to: "2001:db8:1::1")
    let sent = try #require(nat.outbound(ping, at: .zero).packet)
    #expect(sent.source == "[2001:db8::7]:7")
    #expect(nat.inbound(sent.reply, at: .zero) == .forward(ping.reply))
    var mixed = ping
    mixed.protocol = .icmp
    #expect(nat.outbound(mixed, at: .zero) == .drop(.mixedFamilies))
  }
}
