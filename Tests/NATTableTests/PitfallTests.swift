import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// What implementers of NATs get wrong, each as one small story; the requirements' own tests go
/// through the details.
@Suite struct PitfallTests {
  let outside: TransportAddress = "203.0.113.7:5000"

  @Test("Hairpinning: the packet arrives with the external source, and so does the answer")
  func hairpinning() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    let there = nat.outbound(Packet(from: "10.0.0.3:6000", to: outside), at: .zero)
    #expect(there == .forward(Packet(from: "203.0.113.7:6000", to: host)))
    let back = nat.outbound(Packet(from: host, to: "203.0.113.7:6000"), at: .zero)
    #expect(back == .forward(Packet(from: outside, to: "10.0.0.3:6000")))
  }

  @Test("Refresh: packets from the inside keep a mapping, a stranger's packets do not")
  func refresh() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    for second in stride(from: Int64(0), to: 300, by: 10) {
      _ = nat.receive(from: stranger, to: outside, at: .seconds(second))
    }
    #expect(nat.receive(from: stranger, to: outside, at: .seconds(300)) == nil)
  }

  @Test("Ports: none twice, well-known ones apart, parity kept, one address for a host")
  func ports() throws {
    var nat = NATTable(external: "203.0.113.7", "203.0.113.8")
    var seen: Set<TransportAddress> = []
    for last in UInt8(2)...60 {
      var addresses: Set<IPAddress> = []
      for port in [UInt16(80), 81, 5000, 5001] {
        let inside = TransportAddress(.v4(IPv4Address(10, 0, 0, last)), port: port)
        let outside = try nat.opens(from: inside, to: server)
        #expect(seen.insert(outside).inserted)
        #expect((outside.port < 1024) == (port < 1024))
        #expect(outside.port % 2 == port % 2)
        addresses.insert(outside.address)
      }
      #expect(addresses.count == 1)
    }
  }

  @Test("ICMP errors: translated inside and out, in bytes, and no mapping ends by one")
  func errors() throws {
    var nat = NATTable(.portRestrictedCone, external: external)
    let sent = try parsed(nat.sendBytes(Packet(from: host, to: server).bytes(payload: [1])))
    let error = Packet.error(.portUnreachable, from: server.address, about: sent)
    let delivered = try nat.receiveBytes(error.bytes())
    #expect(wrongChecksums(of: delivered) == [])
    #expect(
      try parsed(delivered).content
        == .error(ICMPError(.portUnreachable, about: Packet(from: host, to: server))))
    #expect(nat.count == 1)
  }

  @Test("Fragments: only the first has ports, and it may come last")
  func fragments() {
    var nat = NATTable(.fullCone, external: external)
    var last = Packet(from: "10.0.0.2:0", to: "198.51.100.1:0")
    last.fragment = Fragment(identification: 1, offset: 1480, moreFollow: false)
    var first = Packet(from: host, to: server)
    first.fragment = Fragment(identification: 1, offset: 0, moreFollow: true)
    guard case .hold = nat.outbound(last, at: .zero) else {
      Issue.record("a later fragment has no port that could be looked up")
      return
    }
    #expect(nat.outbound(first, at: .zero).packet?.source == outside)
    #expect(nat.outbound(last, at: .zero).packet?.source == "203.0.113.7:0")
  }

  @Test(
    "TCP: 2 h 4 min open, 4 min otherwise, 6 s for an early SYN, and a RST ends nothing at once")
  func tcp() {
    var nat = NATTable(.portRestrictedCone, external: external)
    _ = nat.connect(from: host, to: server)
    #expect(nat.receive(.rst, from: server, to: outside) == host)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(239)) == host)
    #expect(nat.receive(.ack, from: server, to: outside, at: .seconds(239 + 7439)) == host)
    _ = nat.send(.syn, from: neighbour, to: server, at: .seconds(10_000))
    #expect(nat.mapping(at: "203.0.113.7:5002", .tcp)?.expires == .seconds(10_240))
    let early = nat.inbound(.tcp(.syn, from: stranger, to: outside), at: .seconds(10_000))
    #expect(early == .drop(.awaitingOpen))
  }

  @Test("UDP checksums: none stays none, and a computed 0 is sent as 0xFFFF")
  func checksums() throws {
    var nat = NATTable(.fullCone, external: external)
    for word in UInt16.min...UInt16.max where word % 16 == 0 {
      let payload = [UInt8(word >> 8), UInt8(word & 255)]
      let sent = try nat.sendBytes(Packet(from: host, to: server).bytes(payload: payload))
      #expect(sent[26...27] != [0, 0])
    }
    var bytes = Packet(from: host, to: server).bytes()
    bytes[26...27] = [0, 0]
    #expect(try nat.sendBytes(bytes)[26...27] == [0, 0])
  }

  @Test("Linux: keeps the port until two hosts want it at one remote, and filters by endpoint")
  func linux() {
    var nat = NATTable(.linux, external: external)
    #expect(nat.send(from: host, to: server) == outside)
    #expect(nat.send(from: host, to: stranger) == outside)
    #expect(nat.send(from: neighbour, to: serverOtherPort) == outside)
    #expect(nat.send(from: neighbour, to: server) != outside)
    #expect(nat.receive(from: "198.51.100.1:9", to: outside) == nil)
  }

  @Test("Exhaustion and limits drop new flows, never old ones")
  func limits() {
    for ports in [UInt16(40000)...40009, 40000...40099] {
      var configuration = NATTable.Configuration.fullCone
      configuration.ports = ports
      configuration.mappingsPerHost = 20
      var nat = NATTable(configuration, external: external)
      var open: [(inside: TransportAddress, outside: TransportAddress)] = []
      for port in UInt16(1)...100 {
        let inside = TransportAddress(host.address, port: port)
        if let outside = nat.send(from: inside, to: server) { open.append((inside, outside)) }
      }
      #expect(open.count == min(20, ports.count))
      for flow in open { #expect(nat.send(from: flow.inside, to: server) == flow.outside) }
    }
  }
}
