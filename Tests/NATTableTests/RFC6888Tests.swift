import NATTable
import ProtocolTime
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
