import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct HairpinningTests {
  /// A table in which both hosts have sent to the server.
  private func table(
    _ hairpinning: NATTable.Hairpinning, filtering: EndpointDependence = .endpointIndependent
  ) -> NATTable {
    var configuration = NATTable.Configuration(filtering: filtering)
    configuration.hairpinning = hairpinning
    var nat = NATTable(configuration, external: external)
    _ = nat.send(from: host, to: server)
    _ = nat.send(from: neighbour, to: server)
    return nat
  }

  @Test("REQ-9: the packet arrives inside, from the sender's external endpoint")
  func externalSource() {
    var nat = table(.externalSource)
    let verdict = nat.outbound(Packet(from: host, to: "203.0.113.7:5002"), at: .zero)
    #expect(verdict == .forward(Packet(from: "203.0.113.7:5000", to: neighbour)))
  }

  @Test("REQ-9: the answer takes the same way back")
  func answer() {
    var nat = table(.externalSource)
    _ = nat.outbound(Packet(from: host, to: "203.0.113.7:5002"), at: .zero)
    let verdict = nat.outbound(Packet(from: neighbour, to: "203.0.113.7:5000"), at: .zero)
    #expect(verdict == .forward(Packet(from: "203.0.113.7:5002", to: host)))
  }

  @Test("A NAT that hairpins with the internal source shows it")
  func internalSource() {
    var nat = table(.internalSource)
    let verdict = nat.outbound(Packet(from: host, to: "203.0.113.7:5002"), at: .zero)
    #expect(verdict == .forward(Packet(from: host, to: neighbour)))
  }

  @Test("A NAT that does not hairpin drops, and makes no mapping")
  func none() {
    var nat = table(.none)
    let verdict = nat.outbound(Packet(from: "10.0.0.9:1", to: "203.0.113.7:5002"), at: .zero)
    #expect(verdict == .drop(.hairpinningOff))
    #expect(nat.count == 2)
  }

  @Test("The filter sees a hairpinned packet as it would from outside: both must send")
  func filtered() {
    for filtering in [EndpointDependence.addressDependent, .addressAndPortDependent] {
      var nat = table(.externalSource, filtering: filtering)
      let first = nat.outbound(Packet(from: host, to: "203.0.113.7:5002"), at: .zero)
      #expect(first == .drop(.filtered))
      let second = nat.outbound(Packet(from: neighbour, to: "203.0.113.7:5000"), at: .zero)
      #expect(second == .forward(Packet(from: "203.0.113.7:5002", to: host)))
    }
  }

  @Test("A hairpinned packet to a port that nobody has is dropped")
  func noMapping() {
    var nat = table(.externalSource)
    let verdict = nat.outbound(Packet(from: host, to: "203.0.113.7:9"), at: .zero)
    #expect(verdict == .drop(.noMapping))
  }

  @Test("Hairpinning works between the addresses of one NAT, and to oneself")
  func severalAddresses() {
    var nat = NATTable(.fullCone, external: "203.0.113.7", "203.0.113.8")
    _ = nat.send(from: host, to: server)
    _ = nat.send(from: neighbour, to: server)
    let across = nat.outbound(Packet(from: host, to: "203.0.113.8:5000"), at: .zero)
    #expect(across == .forward(Packet(from: "203.0.113.7:5000", to: neighbour)))
    let toSelf = nat.outbound(Packet(from: host, to: "203.0.113.7:5000"), at: .zero)
    #expect(toSelf == .forward(Packet(from: "203.0.113.7:5000", to: host)))
  }
}
