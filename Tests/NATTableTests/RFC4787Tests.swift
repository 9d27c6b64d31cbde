import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// RFC 4787's requirements, each by its number.
@Suite struct RFC4787Tests {
  @Test("REQ-1: one mapping serves all remotes")
  func endpointIndependentMapping() {
    var nat = NATTable(external: external)
    #expect(nat.send(from: host, to: server) == nat.send(from: host, to: stranger))
  }

  @Test("REQ-2: all mappings of a host have one external address, and hosts take turns")
  func pairedPooling() {
    var nat = NATTable(external: "203.0.113.7", "203.0.113.8")
    #expect(nat.send(from: "10.0.0.2:5000", to: server) == "203.0.113.7:5000")
    #expect(nat.send(from: "10.0.0.3:5000", to: server) == "203.0.113.8:5000")
    #expect(nat.send(from: "10.0.0.4:5000", to: server) == "203.0.113.7:5002")
    #expect(nat.send(from: "10.0.0.3:6000", to: server) == "203.0.113.8:6000")
    #expect(nat.send(from: "10.0.0.2:6000", to: server) == "203.0.113.7:6000")
  }

  @Test("REQ-2: a host without mappings is paired anew")
  func pairingEnds() {
    var nat = NATTable(external: "203.0.113.7", "203.0.113.8")
    _ = nat.send(from: "10.0.0.2:5000", to: server)
    #expect(
      nat.send(from: "10.0.0.2:5000", to: server, at: .seconds(300)) == "203.0.113.8:5000")
  }

  @Test("REQ-3: two hosts never share an external port, even towards different remotes")
  func noOverloading() {
    for mapping in EndpointDependence.allCases {
      var nat = NATTable(.init(mapping: mapping), external: external)
      #expect(nat.send(from: host, to: server) == "203.0.113.7:5000")
      #expect(nat.send(from: neighbour, to: stranger) == "203.0.113.7:5002")
    }
  }

  @Test("REQ-3a: well-known ports go to well-known ports, others to others")
  func wellKnownApart() {
    var nat = NATTable(external: external)
    #expect(nat.send(from: "10.0.0.2:1023", to: server) == "203.0.113.7:1023")
    #expect(nat.send(from: "10.0.0.3:1023", to: server) == "203.0.113.7:1")
    #expect(nat.send(from: "10.0.0.2:65535", to: server) == "203.0.113.7:65535")
    #expect(nat.send(from: "10.0.0.3:65535", to: server) == "203.0.113.7:1025")
  }

  @Test("REQ-4: parity is kept, by either way of assigning ports", arguments: [0, 1] as [UInt16])
  func parity(odd: UInt16) throws {
    for assignment in NATTable.PortAssignment.allCases {
      var configuration = NATTable.Configuration()
      configuration.portAssignment = assignment
      var nat = NATTable(configuration, external: external)
      for last in UInt8(2)...200 {
        let inside = TransportAddress(.v4(IPv4Address(10, 0, 0, last)), port: 5000 + odd)
        let outside = try nat.opens(from: inside, to: server)
        #expect(outside.port % 2 == odd)
      }
    }
  }

  @Test("REQ-4: when a parity is used up, losing it beats dropping")
  func parityGivesWay() {
    var configuration = NATTable.Configuration()
    configuration.ports = 4000...4001
    var nat = NATTable(configuration, external: external)
    #expect(nat.send(from: "10.0.0.2:4000", to: server) == "203.0.113.7:4000")
    #expect(nat.send(from: "10.0.0.3:4000", to: server) == "203.0.113.7:4001")
  }

  @Test("REQ-5: by default a mapping lives for five minutes and not a nanosecond more")
  func defaultTimeout() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    #expect(nat.nextDeadline == .seconds(300))
    let last = Instant(nanoseconds: Instant.seconds(300).nanoseconds - 1)
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: last) == host)
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(300)) == nil)
    #expect(nat.count == 0)
    #expect(nat.nextDeadline == nil)
  }

  @Test("REQ-5: less than two minutes is possible, but not without being told of")
  func shortTimeout() {
    var configuration = NATTable.Configuration()
    configuration.mappingTimeout = .seconds(120)
    #expect(configuration.unmetRequirements == [])
    configuration.mappingTimeout = .seconds(119)
    #expect(configuration.unmetRequirements == [.mappingTimeout])
  }

  @Test("REQ-6: an outbound packet refreshes the mapping")
  func outboundRefresh() {
    var nat = NATTable(.portRestrictedCone, external: external)
    _ = nat.send(from: host, to: server, at: .zero)
    _ = nat.send(from: host, to: server, at: .seconds(299))
    #expect(nat.nextDeadline == .seconds(599))
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(598)) == host)
  }

  @Test(
    "REQ-6: an inbound packet refreshes only where that is configured", arguments: [false, true])
  func inboundRefresh(configured: Bool) {
    for filtering in EndpointDependence.allCases {
      var configuration = NATTable.Configuration(filtering: filtering)
      configuration.inboundRefresh = configured
      var nat = NATTable(configuration, external: external)
      _ = nat.send(from: host, to: server, at: .zero)
      _ = nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(200))
      let later = nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(400))
      #expect(later == (configured ? host : nil))
    }
  }

  @Test("REQ-6: a packet that the filter drops refreshes nothing")
  func droppedPacketsRefreshNothing() {
    var configuration = NATTable.Configuration.portRestrictedCone
    configuration.inboundRefresh = true
    var nat = NATTable(configuration, external: external)
    _ = nat.send(from: host, to: server, at: .zero)
    _ = nat.receive(from: stranger, to: "203.0.113.7:5000", at: .seconds(200))
    #expect(nat.nextDeadline == .seconds(300))
  }

  @Test("REQ-8: the default filter admits the other ports of a host that was sent to")
  func defaultFiltering() {
    var nat = NATTable(external: external)
    _ = nat.send(from: host, to: server)
    #expect(nat.receive(from: serverOtherPort, to: "203.0.113.7:5000") == host)
    #expect(nat.receive(from: stranger, to: "203.0.113.7:5000") == nil)
  }

  @Test("REQ-11: the same packets get the same verdicts, though a copy hashes alike or not")
  func deterministic() {
    var verdicts: [[NATTable.Verdict]] = []
    for _ in 0..<3 {
      var nat = NATTable(.symmetric, external: external)
      var random = SeededGenerator(seed: 11)
      verdicts.append(
        (0..<2000).map { step in
          let source = TransportAddress(
            .v4(IPv4Address(10, 0, 0, .random(in: 2...9, using: &random))),
            port: .random(in: 4000...4040, using: &random))
          let remote = TransportAddress(server.address, port: .random(in: 1...9, using: &random))
          return nat.outbound(
            Packet(from: source, to: remote), at: .milliseconds(Int64(step) * 500))
        })
    }
    #expect(verdicts[0] == verdicts[1])
    #expect(verdicts[0] == verdicts[2])
  }

  @Test("REQ-2: arbitrary pooling gives each mapping the next address, and says so")
  func arbitraryPooling() {
    var configuration = NATTable.Configuration()
    configuration.pooling = .arbitrary
    var nat = NATTable(configuration, external: "203.0.113.7", "203.0.113.8")
    #expect(nat.send(from: "10.0.0.2:5000", to: server) == "203.0.113.7:5000")
    #expect(nat.send(from: "10.0.0.2:5001", to: server) == "203.0.113.8:5001")
    #expect(nat.send(from: "10.0.0.2:5002", to: server) == "203.0.113.7:5002")
    #expect(configuration.unmetRequirements == [.pairedPooling])
  }

  @Test("REQ-4 and §4.2.3: contiguous assignment keeps a pair of ports a pair")
  func contiguity() {
    var configuration = NATTable.Configuration()
    configuration.portAssignment = .contiguous
    for first in [UInt16(5000), 5001] {
      var nat = NATTable(configuration, external: external)
      _ = nat.send(from: "10.0.0.9:5001", to: server)
      let media = nat.send(from: TransportAddress(host.address, port: first), to: server)
      let control = nat.send(from: TransportAddress(host.address, port: first ^ 1), to: server)
      #expect(media?.port.isMultiple(of: 2) == first.isMultiple(of: 2))
      #expect(control?.port == media.map { $0.port ^ 1 })
      #expect(media?.port != 5001)
    }
  }

  @Test("REQ-7: an outside host may have the address of an inside one")
  func overlappingNetworks() {
    var nat = NATTable(.portRestrictedCone, external: "10.0.0.1")
    let twin: TransportAddress = "10.0.0.3:5000"
    #expect(nat.send(from: host, to: twin) == "10.0.0.1:5000")
    #expect(nat.receive(from: twin, to: "10.0.0.1:5000") == host)
  }

  @Test("REQ-10: addresses in the payload are none of the NAT's business")
  func noApplicationGateways() {
    // A packet has no payload that the table could look into, nor a verdict that could change it.
    var nat = NATTable(.fullCone, external: external)
    let packet = Packet(from: host, to: server, payloadLength: 1200)
    #expect(nat.outbound(packet, at: .zero).packet?.payloadLength == 1200)
  }

  @Test(
    "REQ-12: no ICMP error ends a mapping or shortens it", arguments: 0...18 as ClosedRange<UInt8>)
  func errorsEndNothing(type: UInt8) throws {
    var nat = NATTable(.portRestrictedCone, external: external)
    let sent = try #require(nat.outbound(Packet(from: host, to: server), at: .zero).packet)
    let before = nat.mappings
    for code in UInt8(0)...15 {
      let kind = ICMPError.Kind(type: type, code: code)
      _ = nat.inbound(.error(kind, from: server.address, about: sent), at: .zero)
    }
    #expect(nat.mappings == before)
  }

  @Test("The default meets every requirement, and each preset says what it does not meet")
  func unmet() {
    #expect(NATTable.Configuration().unmetRequirements == [])
    #expect(NATTable.Configuration.fullCone.unmetRequirements == [])
    #expect(NATTable.Configuration.restrictedCone.unmetRequirements == [])
    #expect(NATTable.Configuration.portRestrictedCone.unmetRequirements == [.filtering])
    #expect(
      NATTable.Configuration.symmetric.unmetRequirements
        == [.endpointIndependentMapping, .filtering])
    #expect(NATTable.Configuration.cgn.unmetRequirements == [])
    #expect(NATTable.Configuration.nat64.unmetRequirements == [])
    #expect(
      NATTable.Configuration.linux.unmetRequirements == [
        .endpointIndependentMapping, .noPortOverloading, .portParity, .mappingTimeout, .filtering,
        .hairpinning, .transitoryTimeout, .queryTimeout, .identification,
      ])
    var worst = NATTable.Configuration.symmetric
    worst.portParity = false
    worst.mappingTimeout = .seconds(30)
    worst.hairpinning = .none
    #expect(
      worst.unmetRequirements.map(\.description.first5)
        == ["REQ-1", "REQ-4", "REQ-5", "REQ-8", "REQ-9"])
  }
}

extension String {
  fileprivate var first5: String { String(prefix(5)) }
}
