import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// What a carrier-grade NAT needs beyond: limits, blocks and ports that rest (RFC 6888, RFC 7422).
@Suite struct RFC6888Tests {
  private func inside(_ host: UInt8, _ port: UInt16) -> TransportAddress {
    TransportAddress(.v4(IPv4Address(100, 64, 0, host)), port: port)
  }

  @Test("REQ-4: a host has no more mappings than it may have, its neighbours all the same")
  func limit() {
    var configuration = NATTable.Configuration.fullCone
    configuration.mappingsPerHost = 3
    var nat = NATTable(configuration, external: external)
    for port in UInt16(5000)..<5003 { #expect(nat.send(from: inside(2, port), to: server) != nil) }
    let fourth = nat.outbound(Packet(from: inside(2, 5003), to: server), at: .zero)
    #expect(fourth == .drop(.hostLimit))
    #expect(nat.send(from: inside(2, 5000), to: stranger) != nil)
    #expect(nat.send(from: inside(3, 5003), to: server) != nil)
    #expect(nat.send(from: inside(2, 5003), to: server, at: .seconds(300)) != nil)
  }

  @Test("REQ-1: the cgn preset meets what RFC 4787, 5382 and 5508 ask of UDP, TCP and ICMP")
  func transportRequirements() {
    #expect(NATTable.Configuration.cgn.unmetRequirements.isEmpty)
  }

  @Test("REQ-2: all mappings of a host have one address")
  func pairing() throws {
    var nat = NATTable(.cgn, external: [external, "203.0.113.8"])
    for host in UInt8(2)..<6 {
      let addresses = try Set(
        (UInt16(0)..<20).map { port in
          try nat.opens(from: inside(host, 5000 + port), to: server).address
        })
      #expect(addresses.count == 1)
    }
  }

  @Test("REQ-3: outside addresses need not be neighbours, nor few")
  func pool() throws {
    let addresses: [IPAddress] = (0..<500).map {
      .v4(IPv4Address(203, 0, UInt8($0 / 100 * 3), UInt8($0 % 100 * 2)))
    }
    var nat = NATTable(.cgn, external: addresses)
    #expect(nat.externalAddresses == addresses)
    for number in 0..<500 {
      let host = IPv4Address(100, 64, UInt8(number / 250), UInt8(number % 250))
      let seen = try nat.opens(from: TransportAddress(.v4(host), port: 1), to: server).address
      #expect(seen == addresses[number])
    }
  }

  @Test("REQ-6: translation can be turned off for destinations, by address and port, both ways")
  func exemptions() throws {
    var configuration = NATTable.Configuration.cgn
    configuration.exemptions = [
      Exemption("198.51.100.0", prefixLength: 24, ports: 53...53),
      Exemption("2001:db8:53::", prefixLength: 48),
    ]
    var nat = NATTable(configuration, external: external, "2001:db8::7")
    let query = Packet(from: inside(2, 5000), to: "198.51.100.9:53")
    #expect(nat.outbound(query, at: .zero) == .forward(query))
    #expect(nat.inbound(query.reply, at: .zero) == .forward(query.reply))
    let error = Packet.error(.portUnreachable, from: "198.51.100.9", about: query)
    #expect(nat.inbound(error, at: .zero) == .forward(error))
    let complaint = Packet.error(.portUnreachable, from: inside(2, 0).address, about: query.reply)
    #expect(nat.outbound(complaint, at: .zero) == .forward(complaint))
    let query6 = Packet(from: "[fd00::2]:5000", to: "[2001:db8:53:1::1]:53")
    #expect(nat.outbound(query6, at: .zero) == .forward(query6))
    #expect(nat.count == 0)
    // Others are translated as ever, and nobody else gets past the NAT.
    #expect(nat.send(from: inside(2, 5000), to: "198.51.100.9:54")?.address == external)
    #expect(nat.send(from: inside(2, 5000), to: "198.51.101.9:53")?.address == external)
    let stranger = Packet(from: "192.0.2.9:53", to: inside(2, 5000))
    #expect(nat.inbound(stranger, at: .zero) == .drop(.notForThisNAT))
  }

  @Test("REQ-6: prefixes of every length, and none crash")
  func prefixes() {
    for length in [Int.min, -1, 0, 1, 31, 32, 33, 64, 65, 127, 128, 129, .max] {
      #expect(Exemption("192.0.2.1", prefixLength: length).contains("192.0.2.1:1"))
      #expect(Exemption("192.0.2.1", prefixLength: length).contains("192.0.2.0:1") == (length < 32))
      #expect(Exemption("2001:db8::1", prefixLength: length).contains("[2001:db8::1]:1"))
      #expect(
        Exemption("2001:db8::1", prefixLength: length).contains("[2001:db8::]:1") == (length < 128))
      #expect(
        Exemption("2001:db8::1", prefixLength: length).contains("[2001:db9::1]:1") == (length < 32))
    }
  }

  @Test("REQ-7: the cgn preset filters nothing")
  func filtering() throws {
    var nat = NATTable(.cgn, external: external)
    let outside = try nat.opens(from: inside(2, 5000), to: server)
    #expect(nat.receive(from: stranger, to: outside) == inside(2, 5000))
  }

  @Test("REQ-11: a host that gets no mapping is told, and its other mappings stay")
  func told() throws {
    var configuration = NATTable.Configuration.cgn
    configuration.mappingsPerHost = 1
    var nat = NATTable(configuration, external: external)
    let outside = try nat.opens(from: inside(2, 1), to: server)
    let second = nat.outbound(Packet(from: inside(2, 2), to: server), at: .zero)
    #expect(second == .drop(.hostLimit))
    #expect(
      ICMPErrorMessage(.hostLimit, isV6: false) == ICMPErrorMessage(.administrativelyProhibited))
    #expect(nat.receive(from: server, to: outside) == inside(2, 1))
  }

  @Test("REQ-13: every port of a block can be used")
  func utilization() {
    var configuration = NATTable.Configuration.cgn
    configuration.ports = 1024...1535
    configuration.portBlocks = .dynamic(size: 512, perHost: 1)
    var nat = NATTable(configuration, external: external)
    let ports = (UInt16(5000)..<5512).compactMap { nat.send(from: inside(2, $0), to: server)?.port }
    #expect(Set(ports) == Set(1024...1535))
  }

  @Test("REQ-15: ports are hard to guess: within its block a host's are drawn at random")
  func guessing() throws {
    var draws: [[UInt16]] = []
    for seed in [UInt64(1), 2] {
      var nat = NATTable(.cgn, external: [external], randomSeed: seed)
      draws.append(
        try (UInt16(5000)..<5050).map { try nat.opens(from: inside(2, $0), to: server).port })
    }
    #expect(draws[0] != draws[1])
    // Neighbours in time are not neighbours in number.
    let steps = zip(draws[0], draws[0].dropFirst()).map { abs(Int($0) - Int($1)) }
    #expect(steps.count { $0 > 8 } > 40)
  }

  @Test("REQ-8: a port rests for two minutes after its mapping, and then is free")
  func portReuse() {
    var configuration = NATTable.Configuration.fullCone
    configuration.ports = 40000...40000
    configuration.portReuseDelay = .seconds(120)
    var nat = NATTable(configuration, external: external)
    #expect(nat.send(from: inside(2, 1), to: server) == "203.0.113.7:40000")
    let early = nat.outbound(Packet(from: inside(3, 1), to: server), at: .milliseconds(419_999))
    #expect(early == .drop(.portsExhausted))
    #expect(nat.count == 0)
    #expect(nat.mappings.isEmpty)
    #expect(nat.receive(from: server, to: "203.0.113.7:40000", at: .milliseconds(419_999)) == nil)
    #expect(nat.send(from: inside(3, 1), to: server, at: .seconds(420)) == "203.0.113.7:40000")
  }

  @Test("REQ-14: a host's ports come from its blocks, at most so many")
  func blocks() {
    var configuration = NATTable.Configuration.fullCone
    configuration.ports = 1024...2047
    configuration.portBlocks = .dynamic(size: 16, perHost: 2)
    var nat = NATTable(configuration, external: external)
    var blocks: [UInt8: Set<Int>] = [:]
    for port in UInt16(5000)..<5032 {
      for host in UInt8(2)...4 {
        guard let outside = nat.send(from: inside(host, port), to: server) else {
          Issue.record("host \(host) got no port")
          return
        }
        blocks[host, default: []].insert(Int(outside.port - 1024) / 16)
      }
    }
    #expect(blocks.values.map(\.count) == [2, 2, 2])
    #expect(blocks.values.reduce(Set()) { $0.union($1) }.count == 6)
    let next = nat.outbound(Packet(from: inside(2, 6000), to: server), at: .zero)
    #expect(next == .drop(.portsExhausted))
  }

  @Test("A block returns when its last mapping has ended")
  func blocksReturn() {
    var configuration = NATTable.Configuration.fullCone
    configuration.ports = 1024...1055
    configuration.portBlocks = .dynamic(size: 16, perHost: 2)
    var nat = NATTable(configuration, external: external)
    for round in Int64(0)..<20 {
      let now = Instant.seconds(round * 300)
      for port in UInt16(5000)..<5032 {
        #expect(nat.send(from: inside(UInt8(round + 1), port), to: server, at: now) != nil)
      }
    }
  }

  @Test("RFC 7422: every host has ports of its own, and each port leads back to its host")
  func deterministic() throws {
    let rule = DeterministicPorts(
      inside: IPv4Address(100, 64, 0, 0), prefixLength: 24,
      outside: [IPv4Address(203, 0, 113, 7), IPv4Address(203, 0, 113, 8)])
    #expect(rule.hostsPerAddress == 128)
    #expect(rule.portsPerHost == 504)
    var seen: Set<TransportAddress> = []
    for number in UInt32(0)..<256 {
      let host = IPv4Address(rawValue: rule.inside.rawValue + number)
      let mine = try #require(rule.ports(of: host))
      for port in [mine.ports.lowerBound, mine.ports.upperBound] {
        let endpoint = TransportAddress(.v4(mine.address), port: port)
        #expect(seen.insert(endpoint).inserted)
        #expect(rule.host(at: endpoint) == host)
      }
    }
    #expect(rule.ports(of: IPv4Address(100, 64, 1, 0)) == nil)
    #expect(rule.host(at: "203.0.113.7:1023") == nil)
    #expect(rule.host(at: "203.0.113.9:1024") == nil)
  }

  @Test("RFC 7422: the NAT keeps to the rule, and a host outside the prefix gets nothing")
  func deterministicMappings() {
    let rule = DeterministicPorts(
      inside: IPv4Address(100, 64, 0, 0), prefixLength: 24,
      outside: [IPv4Address(203, 0, 113, 7), IPv4Address(203, 0, 113, 8)])
    var configuration = NATTable.Configuration.fullCone
    configuration.portBlocks = .deterministic(rule)
    var nat = NATTable(configuration, external: "203.0.113.7", "203.0.113.8")
    for host in UInt8(0)...255 {
      for port in UInt16(5000)..<5003 {
        let outside = nat.send(from: inside(host, port), to: server)
        #expect(outside.flatMap(rule.host) == IPv4Address(100, 64, 0, host))
      }
    }
    let other = nat.outbound(Packet(from: host, to: server), at: .zero)
    #expect(other == .drop(.noExternalAddress))
  }

  @Test("Rules without sense crash nothing")
  func senseless() {
    for length in [Int.min, 0, 8, 31, 32, 33, .max] {
      for outside in [[], [IPv4Address(203, 0, 113, 7)], [.init(rawValue: 1), .init(rawValue: 2)]] {
        let rule = DeterministicPorts(
          inside: .init(rawValue: .max), prefixLength: length, outside: outside)
        _ = rule.ports(of: .init(rawValue: .max))
        _ = rule.ports(of: .init(rawValue: 0))
        _ = rule.host(at: "203.0.113.7:65535")
      }
    }
    for size in [Int.min, -1, 0, 1, 65536, .max] {
      var configuration = NATTable.Configuration.fullCone
      configuration.portBlocks = .dynamic(size: size, perHost: 1)
      var nat = NATTable(configuration, external: external)
      _ = nat.send(from: host, to: server)
    }
  }

  @Test("The cgn preset: random ports of the host's own blocks, away from the well-known ones")
  func preset() throws {
    var nat = NATTable(.cgn, external: [external], randomSeed: 1)
    var ports: [UInt16] = []
    for port in UInt16(5000)..<5040 {
      ports.append(try nat.opens(from: inside(2, port), to: server).port)
    }
    #expect(ports.allSatisfy { $0 >= 1024 })
    #expect(Set(ports.map { ($0 - 1024) / 512 }).count == 1)
    #expect(ports != ports.sorted())
  }
}
