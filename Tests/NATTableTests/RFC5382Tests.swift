import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// RFC 5382's requirements for TCP, each by its number.
@Suite struct RFC5382Tests {
  let outside: TransportAddress = "203.0.113.7:5000"

  @Test("REQ-1: one mapping serves the connections to all remotes")
  func endpointIndependentMapping() {
    var nat = NATTable(external: external)
    #expect(nat.connect(from: host, to: server) == outside)
    #expect(nat.connect(from: host, to: stranger) == outside)
    #expect(nat.count == 1)
    #expect(nat.receive(.ack, from: server, to: outside) == host)
    #expect(nat.receive(.ack, from: stranger, to: outside) == host)
  }

  @Test("REQ-2: a connection opens by three-way handshake, carries data and closes")
  func threeWayHandshake() {
    for filtering in EndpointDependence.allCases {
      var nat = NATTable(.init(filtering: filtering), external: external)
      #expect(nat.connect(from: host, to: server) == outside)
      #expect(nat.mappings.first?.connection == .established)
      #expect(nat.receive([.fin, .ack], from: server, to: outside) == host)
      #expect(nat.mappings.first?.connection == .established)
      #expect(nat.send([.fin, .ack], from: host, to: server) == outside)
      #expect(nat.mappings.first?.connection == .closing)
      #expect(nat.receive(.ack, from: server, to: outside) == host)
    }
  }

  @Test("REQ-2: a connection that the outside opens is followed too, where the filter allows it")
  func openedFromOutside() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.connect(from: host, to: server)
    #expect(nat.receive(.syn, from: stranger, to: outside) == host)
    #expect(nat.send([.syn, .ack], from: host, to: stranger) == outside)
    #expect(nat.receive(.ack, from: stranger, to: outside) == host)
    #expect(nat.receive(.ack, from: stranger, to: outside, at: .seconds(7439)) == host)
  }

  @Test("REQ-2a: simultaneous open works, though the first SYN comes too early")
  func simultaneousOpen() {
    for filtering in EndpointDependence.allCases {
      var nat = NATTable(.init(filtering: filtering), external: external)
      let early = nat.inbound(.tcp(.syn, from: server, to: outside), at: .zero)
      #expect(early == .drop(.awaitingOpen))
      #expect(nat.send(.syn, from: host, to: server, at: .seconds(1)) == outside)
      #expect(nat.receive(.syn, from: server, to: outside, at: .seconds(2)) == host)
      #expect(nat.send([.syn, .ack], from: host, to: server, at: .seconds(2)) == outside)
      #expect(nat.receive([.syn, .ack], from: server, to: outside, at: .seconds(2)) == host)
      #expect(nat.mappings.first?.connection == .established)
      nat.expire(at: .seconds(60))
      #expect(nat.nextAction() == nil)
    }
  }

  @Test("REQ-3: the default filter admits another connection from an address that is known")
  func defaultFiltering() {
    var nat = NATTable(external: external)
    _ = nat.connect(from: host, to: stranger)
    _ = nat.connect(from: host, to: server)
    #expect(nat.receive(.syn, from: serverOtherPort, to: outside) == host)
    #expect(nat.receive(.syn, from: "192.0.2.77:1", to: outside) == nil)
  }

  @Test("REQ-3: an address is known no longer than one of its connections")
  func addressIsForgotten() {
    var nat = NATTable(external: external)
    _ = nat.connect(from: host, to: stranger)
    _ = nat.send(.syn, from: host, to: server)
    _ = nat.send(.syn, from: host, to: serverOtherPort, at: .seconds(100))
    #expect(nat.receive(.syn, from: "198.51.100.1:9", to: outside, at: .seconds(339)) == host)
    var late = NATTable(external: external)
    _ = late.connect(from: host, to: stranger)
    _ = late.send(.syn, from: host, to: server)
    #expect(late.receive(.syn, from: "198.51.100.1:9", to: outside, at: .seconds(240)) == nil)
  }

  @Test("REQ-4: an unsolicited SYN is answered after six seconds, not a nanosecond before")
  func unsolicitedSYN() throws {
    for filtering in [EndpointDependence.addressDependent, .addressAndPortDependent] {
      var nat = NATTable(.init(filtering: filtering), external: external)
      _ = nat.connect(from: host, to: server)
      let syn = Packet.tcp(.syn, from: stranger, to: outside)
      #expect(nat.inbound(syn, at: .seconds(10)) == .drop(.awaitingOpen))
      #expect(nat.nextDeadline == .seconds(16))
      nat.expire(at: Instant(nanoseconds: 15_999_999_999))
      #expect(nat.nextAction() == nil)
      nat.expire(at: .seconds(16))
      #expect(nat.nextAction() == .send(.error(.portUnreachable, from: external, about: syn)))
      #expect(nat.nextAction() == nil)
    }
  }

  @Test(
    "REQ-4: a SYN that is repeated while it waits is answered once, six seconds after the first")
  func repeatedSYN() {
    var nat = NATTable(external: external)
    let syn = Packet.tcp(.syn, from: stranger, to: outside)
    for second in [Int64(0), 1, 3] { _ = nat.inbound(syn, at: .seconds(second)) }
    nat.expire(at: .seconds(6))
    #expect(nat.nextAction() != nil)
    nat.expire(at: .seconds(60))
    #expect(nat.nextAction() == nil)
  }

  @Test("REQ-4a: a NAT can be told never to answer")
  func silence() {
    var configuration = NATTable.Configuration()
    configuration.timeouts.unsolicitedSYN = nil
    var nat = NATTable(configuration, external: external)
    #expect(nat.inbound(.tcp(.syn, from: stranger, to: outside), at: .zero) == .drop(.noMapping))
    #expect(nat.nextDeadline == nil)
  }

  @Test("REQ-4: a flood of SYNs costs a limited memory")
  func flood() {
    var nat = NATTable(external: external)
    for port in UInt16(1)...20000 {
      _ = nat.inbound(.tcp(.syn, from: .init(server.address, port: port), to: outside), at: .zero)
    }
    nat.expire(at: .seconds(6))
    var answers = 0
    while nat.nextAction() != nil { answers += 1 }
    #expect(answers == 1024)
  }

  @Test("REQ-5: an open connection lives for 2 h 4 min without a packet, either side refreshing it")
  func establishedTimeout() {
    var nat = NATTable(external: external)
    _ = nat.connect(from: host, to: server)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(7439)) == host)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(2 * 7439)) == host)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(2 * 7439 + 7440)) == nil)
    #expect(nat.count == 0)
  }

  @Test("REQ-5: a connection that is opening lives for four minutes")
  func openingTimeout() {
    var nat = NATTable(external: external)
    _ = nat.send(.syn, from: host, to: server)
    #expect(nat.receive([.syn, .ack], from: server, to: outside, at: .seconds(240)) == nil)
    _ = nat.send(.syn, from: host, to: server, at: .seconds(240))
    #expect(nat.receive([.syn, .ack], from: server, to: outside, at: .seconds(479)) == host)
  }

  @Test("REQ-5: a closed connection is remembered for four minutes, whatever still comes")
  func closingTimeout() {
    var nat = NATTable(external: external)
    _ = nat.connect(from: host, to: server)
    _ = nat.send(.fin, from: host, to: server, at: .seconds(1000))
    _ = nat.receive(.fin, from: server, to: outside, at: .seconds(1000))
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(1239)) == host)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(1240)) == nil)
  }

  @Test("REQ-5: after a RST four minutes are left, and traffic shows that it was forged")
  func reset() {
    var nat = NATTable(external: external)
    _ = nat.connect(from: host, to: server)
    #expect(nat.receive(.rst, from: server, to: outside) == host)
    #expect(nat.mappings.first?.connection == .reset)
    #expect(nat.send(.ack, from: host, to: server, at: .seconds(239)) == outside)
    #expect(nat.mappings.first?.connection == .established)
    #expect(nat.receive(.rst, from: server, to: outside, at: .seconds(300)) == host)
    #expect(nat.send(.ack, from: host, to: server, at: .seconds(540)) == nil)
  }

  @Test("REQ-5: a mapping lives as long as one of its connections")
  func lastConnection() {
    var nat = NATTable(external: external)
    _ = nat.send(.syn, from: host, to: stranger)
    _ = nat.connect(from: host, to: server)
    #expect(nat.receive(.ack, from: stranger, to: outside, at: .seconds(240)) == nil)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(240)) == host)
    #expect(nat.mappings.first?.expires == .seconds(7680))
  }

  @Test("A SYN uses the ends of a closed connection anew")
  func reopening() {
    var nat = NATTable(external: external)
    _ = nat.connect(from: host, to: server)
    _ = nat.send(.fin, from: host, to: server)
    _ = nat.receive(.fin, from: server, to: outside)
    #expect(nat.connect(from: host, to: server, at: .seconds(100)) == outside)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(7000)) == host)
  }

  @Test("A segment in the middle of nothing is dropped, unless the NAT adopts connections")
  func unknownConnections() {
    for adopts in [false, true] {
      var configuration = NATTable.Configuration()
      configuration.adoptsConnections = adopts
      var nat = NATTable(configuration, external: external)
      let verdict = nat.outbound(.tcp(.ack, from: host, to: server), at: .zero)
      #expect(verdict.dropReason == (adopts ? nil : .noConnection))
      #expect(nat.outbound(.tcp(.rst, from: neighbour, to: server), at: .zero).packet == nil)
      #expect(nat.count == (adopts ? 1 : 0))
    }
  }

  @Test("REQ-6: the table has no application gateways that could be on")
  func noApplicationGateways() {
    var nat = NATTable(external: external)
    #expect(nat.connect(from: host, to: "198.51.100.1:21") == outside)
    #expect(nat.count == 1)
  }

  @Test("REQ-7: connections of two hosts never share a port")
  func noOverloading() {
    for mapping in EndpointDependence.allCases {
      var nat = NATTable(.init(mapping: mapping), external: external)
      #expect(nat.send(.syn, from: host, to: server) == outside)
      #expect(nat.send(.syn, from: neighbour, to: stranger) == "203.0.113.7:5002")
    }
  }

  @Test("REQ-8: two hosts of one NAT connect by their outside endpoints")
  func hairpinning() {
    var nat = NATTable(.fullCone, external: external)
    let peer = nat.connect(from: neighbour, to: server)
    #expect(peer == outside)
    let syn = nat.outbound(.tcp(.syn, from: "10.0.0.2:6000", to: outside), at: .zero)
    #expect(syn == .forward(.tcp(.syn, from: "203.0.113.7:6000", to: neighbour)))
    let answer = nat.outbound(
      .tcp([.syn, .ack], from: neighbour, to: "203.0.113.7:6000"), at: .zero)
    #expect(answer == .forward(.tcp([.syn, .ack], from: outside, to: "10.0.0.2:6000")))
  }

  @Test("REQ-9: an error about a segment comes to its sender, about the segment that it sent")
  func errors() throws {
    var nat = NATTable(external: external)
    let sent = try #require(nat.outbound(.tcp(.syn, from: host, to: server), at: .zero).packet)
    let error = Packet.error(.portUnreachable, from: server.address, about: sent)
    #expect(
      nat.inbound(error, at: .zero)
        == .forward(
          .error(.portUnreachable, from: server.address, about: .tcp(.syn, from: host, to: server)))
    )
  }

  @Test("REQ-10: no ICMP error ends a connection")
  func errorsEndNothing() throws {
    var nat = NATTable(external: external)
    let sent = try #require(nat.outbound(.tcp(.syn, from: host, to: server), at: .zero).packet)
    for code in UInt8(0)...15 {
      let kind = ICMPError.Kind(type: 3, code: code)
      _ = nat.inbound(.error(kind, from: server.address, about: sent), at: .zero)
    }
    #expect(nat.receive([.syn, .ack], from: server, to: outside) == host)
  }
}
