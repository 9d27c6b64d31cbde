import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct PortExhaustionTests {
  @Test("A NAT gives every port away once, then drops new flows and never old ones")
  func everyPort() throws {
    var configuration = NATTable.Configuration.fullCone
    configuration.ports = 40000...40999
    var nat = NATTable(configuration, external: external)
    var seen: Set<TransportAddress> = []
    for number in UInt16(0)..<1000 {
      let inside = TransportAddress(host.address, port: 2000 + number * 7)
      seen.insert(try nat.opens(from: inside, to: server))
    }
    #expect(seen.count == 1000)
    let newcomer = nat.outbound(Packet(from: neighbour, to: server), at: .seconds(1))
    #expect(newcomer == .drop(.portsExhausted))
    #expect(nat.count == 1000)
    for number in UInt16(0)..<1000 {
      let inside = TransportAddress(host.address, port: 2000 + number * 7)
      let outside = try nat.opens(from: inside, to: server, at: .seconds(1))
      #expect(nat.receive(from: server, to: outside, at: .seconds(1)) == inside)
    }
  }

  @Test("The first flow to end makes room for a new one")
  func room() {
    var configuration = NATTable.Configuration.fullCone
    configuration.ports = 40000...40000
    var nat = NATTable(configuration, external: external)
    #expect(nat.send(from: host, to: server, at: .zero) == "203.0.113.7:40000")
    #expect(nat.send(from: neighbour, to: server, at: .seconds(299)) == nil)
    #expect(nat.send(from: neighbour, to: server, at: .seconds(300)) == "203.0.113.7:40000")
  }

  @Test("The whole range of both kinds of ports can be given away, and port 0 never is")
  func wholeRange() {
    var nat = NATTable(.symmetric, external: external)
    var given = 0
    // A symmetric NAT lets one inside endpoint of each kind use up the kind's ports.
    for inside: TransportAddress in ["10.0.0.2:0", "10.0.0.2:5000"] {
      for port in UInt16(0)...65534 {
        let remote = TransportAddress(server.address, port: port)
        guard let outside = nat.send(from: inside, to: remote) else { break }
        #expect(outside.port != 0)
        given += 1
      }
    }
    #expect(given == 65535)
    #expect(nat.count == 65535)
    #expect(nat.expire(at: .seconds(300)) == 65535)
  }
}
