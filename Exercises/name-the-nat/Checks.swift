import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@testable import Answer

/// A NAT behind two closures, so that only its behavior can be seen.
private final class Box {
  var nat: NATTable
  var packets = 0

  init(
    _ mapping: EndpointDependence, _ filtering: EndpointDependence,
    _ assignment: NATTable.PortAssignment
  ) {
    var configuration = NATTable.Configuration(mapping: mapping, filtering: filtering)
    configuration.portAssignment = assignment
    nat = NATTable(configuration, external: "198.51.100.1")
    // Somebody else was there first, so that a port that is kept or not says little.
    _ = nat.outbound(Packet(from: "10.0.0.9:4000", to: "203.0.113.200:1"), at: .zero)
  }

  func name() -> (mapping: EndpointDependence, filtering: EndpointDependence) {
    nameTheNAT(
      send: { source, destination in
        self.packets += 1
        let verdict = self.nat.outbound(Packet(from: source, to: destination), at: .zero)
        return verdict.packet?.source ?? "0.0.0.0:0"
      },
      receive: { source, destination in
        self.packets += 1
        return self.nat.inbound(Packet(from: source, to: destination), at: .zero).packet != nil
      })
  }
}

@Suite struct NameTheNATChecks {
  private func expectMapping(_ mapping: EndpointDependence, _ comment: String) {
    for filtering in EndpointDependence.allCases {
      for assignment in NATTable.PortAssignment.allCases {
        let named = Box(mapping, filtering, assignment).name()
        // One NAT that was named wrongly says enough.
        guard named.mapping == mapping else {
          #expect(
            named.mapping == mapping,
            "\(comment). Its filtering is \(filtering), its ports: \(assignment)")
          return
        }
      }
    }
  }

  private func expectFiltering(_ filtering: EndpointDependence, _ comment: String) {
    for mapping in EndpointDependence.allCases {
      let named = Box(mapping, filtering, .random).name()
      guard named.filtering == filtering else {
        #expect(named.filtering == filtering, "\(comment). Its mapping is \(mapping)")
        return
      }
    }
  }

  @Test("One outside endpoint for everyone is endpoint-independent mapping")
  func endpointIndependentMapping() {
    expectMapping(.endpointIndependent, "All three remotes see the same outside endpoint")
  }

  @Test("One outside endpoint for each address is address-dependent mapping")
  func addressDependentMapping() {
    expectMapping(
      .addressDependent, "Two ports of one server see the same endpoint, another server a new one")
  }

  @Test("One outside endpoint for each remote endpoint is address and port-dependent mapping")
  func addressAndPortDependentMapping() {
    expectMapping(.addressAndPortDependent, "Even two ports of one server see different endpoints")
  }

  @Test("A stranger who gets in shows endpoint-independent filtering")
  func endpointIndependentFiltering() {
    expectFiltering(.endpointIndependent, "A server that was never sent to gets in")
  }

  @Test("Another port of a known server that gets in shows address-dependent filtering")
  func addressDependentFiltering() {
    expectFiltering(
      .addressDependent, "The stranger stays out, another port of the known server gets in")
  }

  @Test("When only the endpoint that was sent to gets in, filtering is address and port-dependent")
  func addressAndPortDependentFiltering() {
    expectFiltering(.addressAndPortDependent, "Neither another server nor another port gets in")
  }
}
