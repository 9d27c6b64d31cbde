import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// RFC 6146's rules for a stateful NAT64, each by its section.
@Suite struct RFC6146Tests {
  static let host: TransportAddress = "[2001:db8:1::2]:5000"
  static let neighbour: TransportAddress = "[2001:db8:1::3]:5000"
  static let server: TransportAddress = "[64:ff9b::198.51.100.1]:80"
  static let serverIPv4: TransportAddress = "198.51.100.1:80"
  static let external: IPv4Address = "203.0.113.7"

  private func nat(_ configuration: NATTable.Configuration = .nat64) -> NAT64 {
    NAT64(configuration, external: [Self.external])
  }

  @Test("§1.2.2: a packet goes out in IPv4, and its answer comes back in IPv6")
  func example() throws {
    var nat = nat()
    let packet = Packet(from: Self.host, to: Self.server)
    let sent = try #require(nat.outbound(packet, at: .zero).packet)
    #expect(sent == Packet(from: "203.0.113.7:5000", to: "198.51.100.1:80"))
    #expect(nat.inbound(sent.reply, at: .zero) == .forward(packet.reply))
  }

  @Test("§3.1: a mapping is a line of the binding information base, its remotes are its sessions")
  func tables() throws {
    var nat = nat()
    for server in [Self.server, "[64:ff9b::198.51.100.1]:443", "[64:ff9b::192.0.2.9]:80"] {
      _ = nat.outbound(Packet(from: Self.host, to: server), at: .zero)
    }
    #expect(nat.mappings.count == 1)
    let mapping = try #require(nat.mappings.first)
    #expect(mapping.inside == Self.host)
    #expect(mapping.outside == "203.0.113.7:5000")
    #expect(mapping.scope == .any)
    #expect(mapping.filters.map(\.scope) == [.address("192.0.2.9"), .address("198.51.100.1")])
  }

  @Test("§3.1: a configured mapping lets the outside begin, and nothing ends it")
  func configured() throws {
    var nat = nat()
    try nat.addStaticMapping(.tcp, inside: "[2001:db8:1::2]:80", outside: "203.0.113.7:8080")
    let packet = Packet.tcp(.syn, from: "192.0.2.9:1", to: "203.0.113.7:8080")
    #expect(
      nat.inbound(packet, at: .seconds(1_000_000))
        == .forward(.tcp(.syn, from: "[64:ff9b::192.0.2.9]:1", to: "[2001:db8:1::2]:80")))
    #expect(throws: NATTable.ConfigurationError.endpointTaken("203.0.113.7:8080")) {
      try nat.addStaticMapping(.tcp, inside: Self.host, outside: "203.0.113.7:8080")
    }
    #expect(throws: NATTable.ConfigurationError.notAnExternalAddress("203.0.113.8")) {
      try nat.addStaticMapping(.tcp, inside: Self.host, outside: "203.0.113.8:80")
    }
    #expect(throws: NATTable.ConfigurationError.mixedFamilies) {
      try nat.addStaticMapping(.tcp, inside: "10.0.0.2:80", outside: "203.0.113.7:80")
    }
  }

  @Test("§3.4: fragments go where the first of them goes, in any order, both ways")
  func fragments() throws {
    var nat = nat()
    var first = Packet(from: Self.host, to: Self.server)
    first.fragment = Fragment(identification: 0xDEAD_BEEF, offset: 0, moreFollow: true)
    var last = Packet(
      from: TransportAddress(Self.host.address, port: 0),
      to: TransportAddress(Self.server.address, port: 0))
    last.fragment = Fragment(identification: 0xDEAD_BEEF, offset: 1232, moreFollow: false)
    guard case .hold(let token) = nat.outbound(last, at: .zero) else {
      Issue.record("the last fragment was not held")
      return
    }
    let sent = try #require(nat.outbound(first, at: .zero).packet)
    #expect(sent.fragment == Fragment(identification: 0xBEEF, offset: 0, moreFollow: true))
    #expect(nat.nextAction() == .offerAgain(token))
    #expect(nat.outbound(last, at: .zero).packet?.source == "203.0.113.7:0")

    var answer = sent.reply
    answer.fragment = first.fragment
    #expect(nat.inbound(answer, at: .zero).packet?.destination == Self.host)
    answer.fragment?.offset = 1480
    #expect(nat.inbound(answer, at: .zero).packet?.destination.address == Self.host.address)
  }

  @Test("§3.5: a packet from behind the NAT64's own prefix would go round, and is dropped")
  func hairpinLoop() {
    var nat = nat()
    let loop = Packet(from: "[64:ff9b::203.0.113.7]:5000", to: Self.server)
    #expect(nat.outbound(loop, at: .zero) == .drop(.hairpinLoop))
    #expect(nat.mappings.isEmpty)
  }

  @Test("§3.5: a packet for nobody behind the prefix is not the NAT64's business")
  func elsewhere() {
    var nat = nat()
    let packet = Packet(from: Self.host, to: "[2001:db8:2::1]:80")
    #expect(
      nat.outbound(packet, at: .zero) == .drop(.translation(.untranslatable(.notEmbedded))))
    let ours = Packet(from: Self.serverIPv4, to: "203.0.113.8:5000")
    #expect(nat.inbound(ours, at: .zero) == .drop(.table(.notForThisNAT)))
    let own = Packet(from: "203.0.113.7:1", to: "203.0.113.7:5000")
    #expect(nat.inbound(own, at: .zero) == .drop(.table(.forgedSource)))
  }

  @Test("§3.5.1: with an address-dependent filter only those get in that were sent to")
  func addressDependentFiltering() throws {
    var nat = nat()
    _ = nat.outbound(Packet(from: Self.host, to: Self.server), at: .zero)
    let sameHost = Packet(from: "198.51.100.1:9", to: "203.0.113.7:5000")
    #expect(nat.inbound(sameHost, at: .zero).packet?.source == "[64:ff9b::198.51.100.1]:9")
    let stranger = Packet(from: "192.0.2.9:80", to: "203.0.113.7:5000")
    #expect(nat.inbound(stranger, at: .zero) == .drop(.table(.filtered)))
  }

  @Test("§3.5.1: with an endpoint-independent filter everyone gets in")
  func endpointIndependentFiltering() {
    var configuration = NATTable.Configuration.nat64
    configuration.filtering = .endpointIndependent
    var nat = nat(configuration)
    _ = nat.outbound(Packet(from: Self.host, to: Self.server), at: .zero)
    let stranger = Packet(from: "192.0.2.9:80", to: "203.0.113.7:5000")
    #expect(nat.inbound(stranger, at: .zero).packet?.destination == Self.host)
  }

  @Test("§3.5.1, §4: a UDP session lives for five minutes after a packet of either side")
  func udpTimers() throws {
    var nat = nat()
    let packet = Packet(from: Self.host, to: Self.server)
    let sent = try #require(nat.outbound(packet, at: .zero).packet)
    #expect(nat.inbound(sent.reply, at: .seconds(299)).packet != nil)
    #expect(nat.inbound(sent.reply, at: .seconds(598)).packet != nil)
    #expect(nat.inbound(sent.reply, at: .seconds(898)) == .drop(.table(.noMapping)))
  }

  @Test("§3.5.1.1: the port keeps its range and its parity, and nobody shares it")
  func ports() throws {
    var nat = nat()
    for port in [UInt16(80), 1023, 1024, 5000, 5001, 65535] {
      var seen: Set<UInt16> = []
      for number in UInt64(2)..<6 {
        let host = TransportAddress(
          .v6(IPv6Address(high: 0x2001_0DB8_0001_0000, low: number)), port: port)
        let sent = try #require(nat.outbound(Packet(from: host, to: Self.server), at: .zero).packet)
        #expect(sent.source.port % 2 == port % 2)
        #expect((sent.source.port < 1024) == (port < 1024))
        #expect(seen.insert(sent.source.port).inserted)
      }
    }
  }

  @Test("§3.5.1.1: all mappings of a host have one IPv4 address")
  func pairing() {
    var nat = NAT64(external: ["203.0.113.7", "203.0.113.8"])
    #expect(nat.externalAddresses == ["203.0.113.7", "203.0.113.8"])
    for (host, expected) in [(Self.host, "203.0.113.7"), (Self.neighbour, "203.0.113.8")] {
      for port in UInt16(1)..<5 {
        let source = TransportAddress(host.address, port: port * 1000)
        let sent = nat.outbound(Packet(from: source, to: Self.server), at: .zero).packet
        #expect(sent?.source.address.description == expected)
      }
    }
  }

  @Test("§3.5.2: TCP opens, is remembered for 2 h 4 min, closes, and is then for four minutes")
  func tcp() throws {
    var nat = nat()
    let syn = Packet.tcp(.syn, from: Self.host, to: Self.server)
    let sent = try #require(nat.outbound(syn, at: .zero).packet)
    #expect(nat.nextDeadline == .seconds(240))
    #expect(nat.inbound(sent.reply, at: .zero) == .forward(syn.reply))
    #expect(nat.nextDeadline == .seconds(7440))
    let fin = Packet.tcp([.fin, .ack], from: Self.host, to: Self.server)
    #expect(nat.outbound(fin, at: .zero).packet != nil)
    #expect(nat.nextDeadline == .seconds(7440))
    let back = Packet.tcp([.fin, .ack], from: Self.serverIPv4, to: "203.0.113.7:5000")
    #expect(nat.inbound(back, at: .zero).packet != nil)
    #expect(nat.nextDeadline == .seconds(240))
  }

  @Test("§3.5.2.2: a reset leaves four minutes, and a packet after it shows that it was forged")
  func reset() throws {
    var nat = nat()
    let syn = Packet.tcp(.syn, from: Self.host, to: Self.server)
    let sent = try #require(nat.outbound(syn, at: .zero).packet)
    _ = nat.inbound(sent.reply, at: .zero)
    _ = nat.inbound(.tcp(.rst, from: Self.serverIPv4, to: sent.source), at: .zero)
    #expect(nat.nextDeadline == .seconds(240))
    _ = nat.outbound(.tcp(.ack, from: Self.host, to: Self.server), at: .zero)
    #expect(nat.nextDeadline == .seconds(7440))
  }

  @Test("§3.5.2.2: a segment that opens nothing and belongs to nothing is dropped")
  func strayedSegments() {
    var nat = nat()
    let ack = Packet.tcp(.ack, from: Self.host, to: Self.server)
    #expect(nat.outbound(ack, at: .zero) == .drop(.table(.noConnection)))
  }

  @Test("§3.5.2.2: a SYN from the outside waits six seconds for one from the inside")
  func simultaneousOpen() throws {
    var nat = nat()
    let early = Packet.tcp(.syn, from: Self.serverIPv4, to: "203.0.113.7:5000")
    #expect(nat.inbound(early, at: .zero) == .drop(.table(.awaitingOpen)))
    let syn = Packet.tcp(.syn, from: Self.host, to: Self.server)
    #expect(nat.outbound(syn, at: .seconds(5)).packet != nil)
    #expect(nat.inbound(early, at: .seconds(5)).packet?.destination == Self.host)
    #expect(nat.nextAction() == nil)

    #expect(
      nat.inbound(.tcp(.syn, from: Self.serverIPv4, to: "203.0.113.7:6000"), at: .seconds(10))
        == .drop(.table(.awaitingOpen)))
    nat.expire(at: .seconds(16))
    let late = Packet.tcp(.syn, from: Self.serverIPv4, to: "203.0.113.7:6000")
    #expect(
      nat.nextAction() == .send(.error(.portUnreachable, from: .v4(Self.external), about: late)))
  }

  @Test("§3.5.3, §4: an echo is known by its identifier, for sixty seconds")
  func ping() throws {
    var nat = nat()
    let ping = Packet.query(from: Self.host.address, identifier: 7, to: Self.server.address)
    let sent = try #require(nat.outbound(ping, at: .zero).packet)
    #expect(sent == .query(from: "203.0.113.7", identifier: 7, to: "198.51.100.1"))
    #expect(nat.mappings.map(\.protocol) == [.icmp])
    #expect(nat.inbound(sent.reply, at: .milliseconds(59_999)) == .forward(ping.reply))
    #expect(nat.inbound(sent.reply, at: .seconds(120)) == .drop(.table(.noMapping)))
  }

  @Test("§3.4: protocols other than UDP, TCP and ICMP are dropped")
  func otherProtocols() {
    var nat = nat()
    let packet = Packet(TransportProtocol(rawValue: 132), from: Self.host, to: Self.server)
    #expect(nat.outbound(packet, at: .zero) == .drop(.table(.unsupportedProtocol)))
  }

  @Test("§3.5.1: without a free port the host is told that it is prohibited, in its own ICMP")
  func exhausted() throws {
    var configuration = NATTable.Configuration.nat64
    configuration.ports = 5000...5000
    var nat = nat(configuration)
    _ = nat.outbound(Packet(from: Self.host, to: Self.server), at: .zero)
    let second = nat.outbound(Packet(from: Self.neighbour, to: Self.server), at: .zero)
    #expect(second == .drop(.table(.portsExhausted)))
    #expect(
      NAT64.answer(to: .table(.portsExhausted), fromInside: true)?.kind
        == ICMPError.Kind(type: 1, code: 1))
  }

  @Test("§3.7: errors reach the sender, about the packet that it sent, both ways")
  func errors() throws {
    for packet in [
      Packet(from: Self.host, to: Self.server), .tcp(.syn, from: Self.host, to: Self.server),
      .query(from: Self.host.address, identifier: 7, to: Self.server.address),
    ] {
      var nat = nat()
      let sent = try #require(nat.outbound(packet, at: .zero).packet)
      let error = Packet.error(.timeExceeded, from: "192.0.2.254", about: sent)
      #expect(
        nat.inbound(error, at: .zero)
          == .forward(
            .error(
              ICMPError.Kind(type: 3, code: 0), from: "64:ff9b::192.0.2.254", about: packet)))
      let answer = try #require(nat.inbound(sent.reply, at: .zero).packet)
      let complaint = Packet.error(
        ICMPError.Kind(type: 1, code: 4), from: Self.host.address, about: answer)
      let expected = Packet.error(.portUnreachable, from: .v4(Self.external), about: sent.reply)
      #expect(nat.outbound(complaint, at: .zero) == .forward(expected))
    }
  }

  @Test("§3.8: two hosts of one NAT64 meet by its IPv4 addresses, and stay in IPv6")
  func hairpinning() throws {
    var configuration = NATTable.Configuration.nat64
    configuration.filtering = .endpointIndependent
    var nat = nat(configuration)
    _ = nat.outbound(Packet(from: Self.neighbour, to: Self.server), at: .zero)
    let sent = Packet(from: "[2001:db8:1::2]:6000", to: "[64:ff9b::203.0.113.7]:5000")
    let delivered = try #require(nat.outbound(sent, at: .zero).packet)
    #expect(delivered == Packet(from: "[64:ff9b::203.0.113.7]:6000", to: Self.neighbour))
    #expect(nat.outbound(delivered.reply, at: .zero) == .forward(sent.reply))
  }

  @Test("A prefix of each length will do", arguments: EmbeddedIPv4PrefixTests.examples)
  func prefixes(prefix: IPv6Address, length: Int, address: IPv6Address) throws {
    var nat = NAT64(
      prefix: try #require(EmbeddedIPv4Prefix(prefix, length: length)), external: [Self.external])
    let packet = Packet(from: "[fd00::2]:5000", to: TransportAddress(.v6(address), port: 80))
    let sent = try #require(nat.outbound(packet, at: .zero).packet)
    #expect(sent == Packet(from: "203.0.113.7:5000", to: "192.0.2.33:80"))
    #expect(nat.inbound(sent.reply, at: .zero) == .forward(packet.reply))
  }
}
