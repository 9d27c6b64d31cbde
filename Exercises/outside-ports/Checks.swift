import Testing
import TransportAddress

@testable import Answer

@Suite struct OutsidePortsChecks {
  /// A server, another port of it, another server, and the first again.
  let remotes: [TransportAddress] = [
    "203.0.113.9:53", "203.0.113.9:54", "192.0.2.9:53", "203.0.113.9:53",
  ]

  @Test("An endpoint-independent mapping has one port for everyone")
  func everyone() {
    #expect(
      outsidePorts(to: remotes, mapping: .endpointIndependent) == [5000, 5000, 5000, 5000],
      "The box looks at nothing of the remote endpoint")
  }

  @Test("An address-dependent mapping has one port for each address")
  func address() {
    #expect(
      outsidePorts(to: Array(remotes.prefix(3)), mapping: .addressDependent) == [5000, 5000, 5002],
      "203.0.113.9 comes twice, with two ports; 192.0.2.9 is another address")
  }

  @Test("An address and port-dependent mapping has one port for each endpoint")
  func both() {
    #expect(
      outsidePorts(to: Array(remotes.prefix(3)), mapping: .addressAndPortDependent)
        == [5000, 5002, 5004], "All three endpoints differ, if only in the port")
  }

  @Test("Who is sent to again is sent to from the same port")
  func again() {
    #expect(
      outsidePorts(to: remotes, mapping: .addressDependent) == [5000, 5000, 5002, 5000],
      "The last packet goes to 203.0.113.9 again, which has a mapping")
    #expect(
      outsidePorts(to: remotes, mapping: .addressAndPortDependent) == [5000, 5002, 5004, 5000],
      "The last packet goes to 203.0.113.9:53 again, which has a mapping")
  }

  @Test("Where nothing is sent, there are no ports")
  func none() {
    #expect(outsidePorts(to: [], mapping: .endpointIndependent) == [], "No packets, no ports")
  }
}
