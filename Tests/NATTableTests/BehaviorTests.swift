import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct BehaviorTests {
  /// Beside the endpoint that was sent to: the same host's other port, and another host.
  private static let others = [serverOtherPort, stranger]

  /// Whether each behaviour treats the others like the first.
  private static let alike: [EndpointDependence: [Bool]] = [
    .endpointIndependent: [true, true],
    .addressDependent: [true, false],
    .addressAndPortDependent: [false, false],
  ]

  @Test(
    "The mapping behaviour decides who shares a mapping, whatever the filtering",
    arguments: EndpointDependence.allCases, EndpointDependence.allCases)
  func mapping(mapping: EndpointDependence, filtering: EndpointDependence) throws {
    let expected = try #require(Self.alike[mapping])
    for (other, shared) in zip(Self.others, expected) {
      var nat = NATTable(.init(mapping: mapping, filtering: filtering), external: external)
      let first = try nat.opens(from: host, to: server)
      let second = try nat.opens(from: host, to: other)
      #expect((first == second) == shared)
      #expect(nat.count == (shared ? 1 : 2))
      #expect(nat.receive(from: server, to: first) == host)
      #expect(nat.receive(from: other, to: second) == host)
    }
  }

  @Test(
    "The filtering behaviour decides who may send to a mapping, whatever the mapping behaviour",
    arguments: EndpointDependence.allCases, EndpointDependence.allCases)
  func filtering(mapping: EndpointDependence, filtering: EndpointDependence) throws {
    let expected = try #require(Self.alike[filtering])
    for (other, admitted) in zip(Self.others, expected) {
      var nat = NATTable(.init(mapping: mapping, filtering: filtering), external: external)
      let outside = try nat.opens(from: host, to: server)
      #expect(nat.receive(from: server, to: outside) == host)
      let verdict = nat.inbound(Packet(from: other, to: outside), at: .zero)
      #expect(verdict == (admitted ? .forward(Packet(from: other, to: host)) : .drop(.filtered)))
    }
  }

  @Test(
    "An inbound packet opens neither a mapping nor a filter",
    arguments: EndpointDependence.allCases, EndpointDependence.allCases)
  func inboundOpensNothing(mapping: EndpointDependence, filtering: EndpointDependence) throws {
    var configuration = NATTable.Configuration(mapping: mapping, filtering: filtering)
    configuration.inboundRefresh = true
    var nat = NATTable(configuration, external: external)
    let outside = try nat.opens(from: host, to: server)
    let before = nat.mappings
    for source in Self.others { _ = nat.receive(from: source, to: outside) }
    #expect(nat.mappings == before)
  }

  @Test(
    "Each scope is what its behaviour looks at",
    arguments: [
      (EndpointDependence.endpointIndependent, RemoteScope.any, "any"),
      (.addressDependent, .address("198.51.100.1"), "198.51.100.1"),
      (.addressAndPortDependent, .endpoint("198.51.100.1:3478"), "198.51.100.1:3478"),
    ])
  func scopes(behavior: EndpointDependence, scope: RemoteScope, text: String) {
    #expect(behavior.scope(of: server) == scope)
    #expect(scope.description == text)
  }
}
