import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import Router

@Suite struct NATRouterTests {
  @Test("A packet goes out translated, one hop shorter of life, and its answer comes back")
  func thereAndBack() throws {
    var bench = Bench(.portRestrictedCone)
    let out = bench.receive(datagram(), from: .inside)
    #expect(out.verdict == .forward(to: .outside, makesMapping: true))
    let sent = try out.only()
    #expect(sent.source == "203.0.113.7:5000")
    #expect(out.sent[0].bytes[8] == 63)
    #expect(wrongChecksums(of: out.sent[0].bytes) == [])

    let back = bench.receive(sent.reply, from: .outside)
    #expect(back.verdict == .forward(to: .inside, makesMapping: false))
    #expect(try back.only().destination == host)
    #expect(wrongChecksums(of: back.sent[0].bytes) == [])
  }

  @Test("What the table drops is dropped for the table's reason, and its sender hears nothing")
  func dropped() {
    var bench = Bench(.portRestrictedCone)
    let outcome = bench.receive(
      Packet(from: server, to: "203.0.113.7:5000"), from: .outside)
    #expect(outcome.verdict == .drop(.table(.noMapping)))
    #expect(outcome.sent.isEmpty)
  }

  @Test("A static mapping lets strangers in, and cannot be made twice")
  func staticMapping() throws {
    var bench = Bench(.symmetric)
    try bench.router.addStaticMapping(inside: host, outside: "203.0.113.7:80")
    let inbound = bench.receive(Packet(from: server, to: "203.0.113.7:80"), from: .outside)
    #expect(try inbound.only().destination == host)
    #expect(throws: NATTable.ConfigurationError.endpointTaken("203.0.113.7:80")) {
      try bench.router.addStaticMapping(inside: "10.0.0.3:80", outside: "203.0.113.7:80")
    }
  }

  @Test("A packet to the NAT's own outside address turns round to the inside (RFC 4787 REQ-9)")
  func hairpin() throws {
    var bench = Bench(.fullCone)
    _ = bench.receive(datagram(), from: .inside)
    let outcome = bench.receive(
      datagram(from: "10.0.0.3:6000", to: "203.0.113.7:5000"), from: .inside)
    #expect(outcome.verdict == .forward(to: .inside, makesMapping: true))
    #expect(try outcome.only().destination == host)
    #expect(try outcome.only().source == "203.0.113.7:6000")
  }

  @Test("A packet for the inside network that comes from there is refused: host unreachable")
  func staysInside() throws {
    var bench = Bench()
    let outcome = bench.receive(datagram(to: "10.0.0.99:80"), from: .inside)
    #expect(outcome.verdict == .drop(.staysInside))
    guard case .error(let error) = try outcome.only().content else {
      Issue.record("not an error")
      return
    }
    #expect(error.kind == .hostUnreachable)
    #expect(outcome.sent[0].side == .inside)
    #expect(bench.router.table.count == 0)
  }

  @Test(
    "Groups, everybody, loopback and this link alone are never routed nor told anything",
    arguments: [
      "224.0.0.251:5353", "239.255.255.250:1900", "255.255.255.255:67", "127.0.0.1:80",
      "169.254.1.1:80", "0.0.0.0:80", "240.0.0.1:80",
    ] as [TransportAddress])
  func notForwarded(destination: TransportAddress) {
    var bench = Bench()
    for side in NATRouter.Side.allCases {
      let outcome = bench.receive(datagram(to: destination, timeToLive: 1), from: side)
      #expect(outcome.verdict == .drop(.martian(.destination)))
      #expect(outcome.sent.isEmpty)
      let answer = bench.receive(datagram(from: destination, timeToLive: 1), from: side)
      #expect(answer.verdict == .drop(.martian(.source)))
      #expect(answer.sent.isEmpty)
    }
  }

  @Test(
    "The inside network's broadcast addresses are nobody's, and nothing is told about them",
    arguments: ["10.0.0.0:80", "10.0.0.255:80"] as [TransportAddress], NATRouter.Side.allCases)
  func broadcast(address: TransportAddress, side: NATRouter.Side) {
    var bench = Bench()
    for bytes in [
      datagram(to: address), datagram(to: address, timeToLive: 1),
      datagram(from: address), datagram(from: address, timeToLive: 1),
      datagram(to: address, count: 1600, mustNotFragment: true),
    ] {
      let outcome = bench.receive(bytes, from: side)
      #expect(outcome.verdict == .drop(.martian(.broadcast)))
      #expect(outcome.sent.isEmpty)
    }
    #expect(bench.router.table.count == 0)
  }

  @Test(
    "From outside nobody gets in with a source of the inside network (RFC 2827)",
    arguments: [NATTable.Configuration.fullCone, .restrictedCone, .symmetric, .linux, .cgn])
  func insideSource(configuration: NATTable.Configuration) throws {
    var bench = Bench(configuration)
    let sent = try bench.receive(datagram(), from: .inside).only()
    for source in ["10.0.0.1:3478", "10.0.0.2:5000", "10.0.0.99:1"] as [TransportAddress] {
      let outcome = bench.receive(datagram(from: source, to: sent.source), from: .outside)
      #expect(outcome.verdict == .drop(.martian(.insideSource)))
      #expect(outcome.sent.isEmpty)
    }
    #expect(
      bench.receive(sent.reply, from: .outside).verdict
        == .forward(to: .inside, makesMapping: false))
  }

  @Test(
    "IPv6 packets of one link, of a host itself and to groups are not forwarded",
    arguments: ["[fe80::1]:1", "[::1]:1", "[::]:1", "[ff02::1]:1"] as [TransportAddress])
  func notForwardedV6(address: TransportAddress) {
    var bench = Bench()
    for side in NATRouter.Side.allCases {
      let to = bench.receive(Packet(from: "[2001:db8::1]:1", to: address), from: side)
      #expect(to.verdict == .drop(.martian(.destination)))
      let from = bench.receive(Packet(from: address, to: "[2001:db8::1]:1"), from: side)
      #expect(from.verdict == .drop(.martian(.source)))
    }
  }

  @Test("A router that cannot be is refused: which of its settings, and why")
  func misuse() throws {
    let table = NATTable(external: [.v4(external)])
    for length in [-1, 0, 7, 31, 32, 33] {
      #expect(throws: NATRouter.ConfigurationError.network(.prefixLength(length))) {
        try NATRouter(table, gateway: gateway, prefixLength: length)
      }
    }
    for address in ["10.0.0.0", "10.0.0.255"] as [IPv4Address] {
      #expect(throws: NATRouter.ConfigurationError.network(.gateway(address))) {
        try NATRouter(table, gateway: address)
      }
    }
    #expect(throws: NATRouter.ConfigurationError.externalAddressInside(external)) {
      try NATRouter(table, gateway: "203.0.113.1")
    }
    #expect(throws: NATRouter.ConfigurationError.mtu(67)) {
      try NATRouter(table, gateway: gateway, mtu: (1500, 67))
    }
    var router = try NATRouter(table, gateway: gateway, mtu: (68, 68))
    #expect(throws: NATRouter.ConfigurationError.mtu(0)) {
      try router.setMTU(inside: 0, outside: 1500)
    }
    #expect(router.mtu == (68, 68))
  }

  @Test("An IPv6 packet too large for the next link ends here (RFC 8200 §5)")
  func tooLargeV6() {
    var bench = Bench(mtu: (inside: 1500, outside: 1280))
    let large = Packet(from: "[2001:db8::1]:1", to: "[2001:db8::2]:2")
      .bytes(payload: Array(repeating: 0, count: 1300))
    #expect(bench.receive(large, from: .inside).verdict == .drop(.tooLarge))
  }

  @Test("The router answers a ping, with the payload that it came with")
  func ping() throws {
    var bench = Bench()
    let query = Packet.query(from: host.address, identifier: 7, to: .v4(gateway))
    let outcome = bench.receive(query.bytes(payload: [1, 2, 3, 4, 5]), from: .inside)
    #expect(outcome.verdict == .answered)
    let reply = try outcome.only()
    #expect(reply.content == .reply)
    #expect(reply.source.address == .v4(gateway))
    #expect(reply.destination == TransportAddress(host.address, port: 7))
    #expect(outcome.sent[0].bytes.suffix(5) == [1, 2, 3, 4, 5])
    #expect(wrongChecksums(of: outcome.sent[0].bytes) == [])
    #expect(bench.router.table.count == 0)
  }

  @Test("A SYN that nobody inside wanted is answered after six seconds (RFC 5382 REQ-4)")
  func unsolicitedSYN() throws {
    var bench = Bench(.portRestrictedCone)
    let syn = Packet.tcp(.syn, from: server, to: "203.0.113.7:5000")
    #expect(bench.receive(syn, from: .outside).verdict == .drop(.table(.awaitingOpen)))
    bench.router.timerFired(at: .milliseconds(5999))
    #expect(bench.takeOutgoing().isEmpty)
    #expect(bench.router.nextDeadline == .seconds(6))
    bench.router.timerFired(at: .seconds(6))
    let sent = bench.takeOutgoing()
    try #require(sent.count == 1)
    #expect(sent[0].side == .outside)
    #expect(wrongChecksums(of: sent[0].bytes) == [])
    #expect(try read(sent[0].bytes).destination.address == server.address)
  }

  @Test("The router cuts up what is too large for the next link and may be cut (REQ-13a)")
  func router() throws {
    var bench = Bench(mtu: (inside: 1500, outside: 1280))
    let outcome = bench.receive(datagram(count: 1400), from: .inside)
    #expect(outcome.verdict == .fragmented(makesMapping: true))
    #expect(outcome.sent.count == 2)
    #expect(outcome.sent.allSatisfy { $0.side == .outside && $0.bytes.count <= 1280 })
    let data = outcome.sent.flatMap { $0.bytes.dropFirst(20) }
    #expect(data.count == 1408)
    // The whole datagram's checksum covers the translated addresses and ports.
    #expect(wrongChecksums(ofFragments: outcome.sent.map(\.bytes)) == [])
  }

  @Test("Fragments that came before the first go on behind it, in their order (RFC 4787 REQ-14)")
  func fragmentsOutOfOrder() throws {
    var bench = Bench()
    let pieces = Fragmentation(mtu: 1500).fragments(of: datagram(count: 4000).span)
    try #require(pieces.count == 3)
    #expect(bench.receive(pieces[2], from: .inside).verdict == .queued)
    #expect(bench.receive(pieces[1], from: .inside).verdict == .queued)
    let outcome = bench.receive(pieces[0], from: .inside)
    #expect(outcome.verdict == .forward(to: .outside, makesMapping: true))
    let offsets = try outcome.sent.map { try read($0.bytes).fragment?.offset }
    #expect(offsets == [0, 2960, 1480])
    #expect(outcome.sent.allSatisfy { $0.side == .outside && wrongChecksums(of: $0.bytes) == [] })
    #expect(outcome.sent.allSatisfy { Array($0.bytes[12..<16]) == [203, 0, 113, 7] })
  }

  @Test("Fragments whose first never comes are forgotten")
  func abandonedFragments() {
    var bench = Bench()
    let pieces = Fragmentation(mtu: 1500).fragments(of: datagram(count: 4000).span)
    _ = bench.receive(pieces[1], from: .inside)
    #expect(bench.router.queued.count == 1)
    bench.now = .seconds(60)
    bench.router.timerFired(at: bench.now)
    #expect(bench.router.queued.isEmpty)
    let outcome = bench.receive(pieces[0], from: .inside)
    #expect(outcome.sent.count == 1)
  }

  @Test("Whatever the bytes are, nothing goes on that is wrong, and nothing crashes")
  func hostile() throws {
    var random = SeededGenerator(seed: 1)
    var bench = Bench(.fullCone, mtu: (576, 1400))
    let seeds: [[UInt8]] = [
      datagram(), datagram(count: 2000), datagram(from: server, to: "203.0.113.7:5000"),
      Packet.tcp(.syn, from: host, to: server).bytes(),
      Packet.query(from: host.address, identifier: 1, to: .v4(gateway)).bytes(),
      Packet.error(.portUnreachable, from: host.address, about: Packet(from: server, to: host))
        .bytes(),
      Packet(from: "[2001:db8::1]:1", to: "[2001:db8::2]:2").bytes(), [],
    ]
    for round in 0..<60_000 {
      var bytes = seeds.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        bytes[.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        bytes.removeLast(.random(in: 0...bytes.count, using: &random))
      }
      if bytes.count >= 20, bytes[0] & 0xF >= 5, Int(bytes[0] & 0xF) * 4 <= bytes.count {
        bytes.updateHeaderChecksum()
      }
      var offload = Offload()
      if Bool.random(using: &random) {
        offload.checksumStart = .random(in: 0...70, using: &random)
        offload.checksumOffset = .random(in: 0...70, using: &random)
        offload.segmentSize = .random(in: 0...2000, using: &random)
        offload.headerLength = .random(in: 0...100, using: &random)
      }
      bench.now = .milliseconds(Int64(round) * 20)
      let side = NATRouter.Side.allCases.randomElement(using: &random)!
      let outcome = bench.receive(bytes, from: side, offload: offload)
      for packet in outcome.sent where packet.bytes[0] >> 4 == 4 {
        let length = Int(packet.bytes[0] & 0xF) * 4
        try #require(onesComplementSum(packet.bytes[..<length]) == 0xFFFF, "round \(round)")
      }
      bench.router.timerFired(at: bench.now)
      _ = bench.takeOutgoing()
    }
  }
}
