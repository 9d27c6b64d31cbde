import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct StaticMappingTests {
  @Test("Port forwarding: everyone may send, and nothing ends it", arguments: [false, true])
  func forwarding(sharing: Bool) throws {
    var nat = NATTable(sharing ? .linux : .symmetric, external: external)
    try nat.addStaticMapping(.tcp, inside: "10.0.0.2:8080", outside: "203.0.113.7:80")
    let far = Instant.seconds(1_000_000)
    #expect(nat.receive(.syn, from: stranger, to: "203.0.113.7:80", at: far) == "10.0.0.2:8080")
    let answer = nat.send([.syn, .ack], from: "10.0.0.2:8080", to: stranger, at: far)
    #expect(answer == "203.0.113.7:80")
    #expect(nat.mappings.first?.isStatic == true)
    #expect(nat.nextDeadline == nil)
    let removed = nat.removeStaticMapping(.tcp, outside: "203.0.113.7:80")
    #expect(removed)
    #expect(nat.receive(.syn, from: stranger, to: "203.0.113.7:80", at: far) == nil)
    #expect(nat.count == 0)
  }

  @Test("A configured port is given to nobody else")
  func reserved() throws {
    for configuration in [NATTable.Configuration.fullCone, .linux] {
      var nat = NATTable(configuration, external: external)
      try nat.addStaticMapping(inside: "10.0.0.9:1", outside: "203.0.113.7:5000")
      let given = nat.send(from: host, to: server)
      #expect(given != nil)
      #expect(given != "203.0.113.7:5000")
    }
  }

  @Test("What cannot be configured is refused, with its reason")
  func refused() throws {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    #expect(throws: NATTable.ConfigurationError.endpointTaken("203.0.113.7:5000")) {
      try nat.addStaticMapping(inside: "10.0.0.9:1", outside: "203.0.113.7:5000")
    }
    #expect(throws: NATTable.ConfigurationError.insideEndpointMapped(host)) {
      try nat.addStaticMapping(inside: host, outside: "203.0.113.7:9")
    }
    #expect(throws: NATTable.ConfigurationError.notAnExternalAddress("203.0.113.8")) {
      try nat.addStaticMapping(inside: "10.0.0.9:1", outside: "203.0.113.8:9")
    }
    #expect(throws: NATTable.ConfigurationError.mixedFamilies) {
      try nat.addStaticMapping(inside: "[fd00::1]:1", outside: "203.0.113.7:9")
    }
    #expect(throws: NATTable.ConfigurationError.addressTaken(external)) {
      try nat.addOneToOne(inside: "10.0.0.9", outside: external)
    }
  }

  @Test("1:1 NAT changes the address and leaves the port, for any protocol and any sender")
  func oneToOne() throws {
    var nat = NATTable(.symmetric, external: external)
    try nat.addOneToOne(inside: "10.0.0.9", outside: "203.0.113.9")
    for number in [UInt8(6), 17, 47, 132] {
      let kind = TransportProtocol(rawValue: number)
      let packet = Packet(kind, from: "10.0.0.9:1234", to: server)
      let sent = nat.outbound(packet, at: .zero).packet
      #expect(sent?.source == "203.0.113.9:1234")
      let knock = Packet(kind, from: stranger, to: "203.0.113.9:1234")
      #expect(nat.inbound(knock, at: .zero).packet?.destination == "10.0.0.9:1234")
    }
    #expect(nat.count == 0)
  }

  @Test("1:1 NAT translates the packet in an ICMP error too, both ways")
  func oneToOneErrors() throws {
    var nat = NATTable(.symmetric, external: external)
    try nat.addOneToOne(inside: "10.0.0.9", outside: "203.0.113.9")
    let packet = Packet(from: "10.0.0.9:1234", to: server)
    let sent = try #require(nat.outbound(packet, at: .zero).packet)
    #expect(
      nat.inbound(.error(.portUnreachable, from: server.address, about: sent), at: .zero)
        == .forward(.error(.portUnreachable, from: server.address, about: packet)))
    let received = Packet(from: server, to: "203.0.113.9:1")
    let delivered = try #require(nat.inbound(received, at: .zero).packet)
    #expect(
      nat.outbound(.error(.portUnreachable, from: "10.0.0.9", about: delivered), at: .zero)
        == .forward(.error(.portUnreachable, from: "203.0.113.9", about: received)))
  }
}
