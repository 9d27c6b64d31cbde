import IPPacket
import Testing
import TransportAddress

@testable import Answer

@Suite struct BuildFilterChecks {
  let contacted: Set<TransportAddress> = ["203.0.113.9:3478"]
  let outside: TransportAddress = "198.51.100.1:5000"

  @Test(
    "Whoever was sent to may answer, with each kind of filter",
    arguments: EndpointDependence.allCases)
  func answer(filtering: EndpointDependence) {
    #expect(
      admits(
        Packet(from: "203.0.113.9:3478", to: outside), contacted: contacted, filtering: filtering)
        == true, "203.0.113.9:3478 was sent to, and its answer must come in")
  }

  @Test("An endpoint-independent filter lets everyone in")
  func everyone() {
    let stranger = Packet(from: "192.0.2.9:53", to: outside)
    #expect(
      admits(stranger, contacted: contacted, filtering: .endpointIndependent) == true,
      "A full cone does not look at the sender at all")
    #expect(
      admits(stranger, contacted: [], filtering: .endpointIndependent) == true,
      "Not even somebody else must have been sent to: there is a mapping, and that is enough")
  }

  @Test("An address-dependent filter does not look at the port")
  func otherPort() {
    #expect(
      admits(
        Packet(from: "203.0.113.9:9999", to: outside), contacted: contacted,
        filtering: .addressDependent) == true,
      "203.0.113.9 was sent to; which of its ports answers does not matter")
  }

  @Test("An address-dependent filter keeps other addresses out")
  func otherAddress() {
    #expect(
      admits(
        Packet(from: "192.0.2.9:3478", to: outside), contacted: contacted,
        filtering: .addressDependent) == false,
      "Nobody has sent to 192.0.2.9; that its port is 3478 too changes nothing")
  }

  @Test("An address and port-dependent filter wants both to be right")
  func both() {
    #expect(
      admits(
        Packet(from: "203.0.113.9:9999", to: outside), contacted: contacted,
        filtering: .addressAndPortDependent) == false,
      "The address is right, but nobody has sent to its port 9999")
    #expect(
      admits(
        Packet(from: "192.0.2.9:3478", to: outside), contacted: contacted,
        filtering: .addressAndPortDependent) == false,
      "The port is right, but nobody has sent to that address")
  }

  @Test("Each remote in the memory counts, and none makes up for another")
  func several() {
    let several: Set<TransportAddress> = ["203.0.113.9:3478", "192.0.2.9:53"]
    #expect(
      admits(
        Packet(from: "192.0.2.9:53", to: outside), contacted: several,
        filtering: .addressAndPortDependent) == true,
      "192.0.2.9:53 is one of two that were sent to")
    #expect(
      admits(
        Packet(from: "192.0.2.9:3478", to: outside), contacted: several,
        filtering: .addressAndPortDependent) == false,
      "The address of one and the port of the other make an endpoint that nobody sent to")
  }
}
