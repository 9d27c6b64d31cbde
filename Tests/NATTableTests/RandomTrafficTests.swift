import NATTable
import SansIO
import Testing
import TransportAddress

/// Long random sequences against a model that is too simple to be wrong.
@Suite struct RandomTrafficTests {
  struct Case: CustomTestStringConvertible {
    var mapping: EndpointDependence
    var filtering: EndpointDependence
    var assignment: NATTable.PortAssignment
    var testDescription: String { "\(mapping) / \(filtering) / \(assignment)" }

    static let all = EndpointDependence.allCases.flatMap { mapping in
      EndpointDependence.allCases.flatMap { filtering in
        NATTable.PortAssignment.allCases.map {
          Case(mapping: mapping, filtering: filtering, assignment: $0)
        }
      }
    }
  }

  /// What a NAT should remember, kept as plain dictionaries that are searched from end to end.
  struct Model {
    var outside: [[String]: TransportAddress] = [:]
    var lastUse: [TransportAddress: Instant] = [:]
    var lastSent: [TransportAddress: [String: Instant]] = [:]
    var inside: [TransportAddress: TransportAddress] = [:]

    mutating func expire(at now: Instant) {
      for (endpoint, used) in lastUse where used.duration(to: now) >= .seconds(300) {
        lastUse[endpoint] = nil
        lastSent[endpoint] = nil
        inside[endpoint] = nil
        outside = outside.filter { $0.value != endpoint }
      }
    }
  }

  @Test(
    "No two mappings share an external endpoint, and every reply reaches its host",
    arguments: Case.all)
  func invariants(_ test: Case) throws {
    var configuration = NATTable.Configuration(mapping: test.mapping, filtering: test.filtering)
    configuration.portAssignment = test.assignment
    // Few ports, so that exhaustion and reuse are common.
    configuration.ports = 1000...1059
    var nat = NATTable(configuration, external: "203.0.113.7", "203.0.113.8")
    var model = Model()
    var random = SeededGenerator(seed: 4787)
    var now = Instant.zero

    func text(_ behavior: EndpointDependence, _ remote: TransportAddress) -> String {
      behavior.scope(of: remote).description
    }

    for _ in 0..<4000 {
      now = now.advanced(by: .milliseconds(Int.random(in: 0...9000, using: &random)))
      model.expire(at: now)
      let remote = TransportAddress(
        .v4(IPv4Address(198, 51, 100, .random(in: 1...4, using: &random))),
        port: .random(in: 1...3, using: &random))

      if Bool.random(using: &random) {
        let source = TransportAddress(
          .v4(IPv4Address(10, 0, 0, .random(in: 2...6, using: &random))),
          port: .random(in: 1020...1030, using: &random))
        let key = [source.description, text(test.mapping, remote)]
        guard let seen = nat.send(from: source, to: remote, at: now) else {
          #expect(model.outside[key] == nil, "an old flow was dropped")
          continue
        }
        #expect(model.outside[key, default: seen] == seen, "a mapping changed")
        #expect(model.inside[seen, default: source] == source, "two hosts share \(seen)")
        model.outside[key] = seen
        model.inside[seen] = source
        model.lastUse[seen] = now
        model.lastSent[seen, default: [:]][text(test.filtering, remote)] = now
        #expect(nat.receive(from: remote, to: seen, at: now) == source)
      } else {
        let target = TransportAddress(
          .v4(IPv4Address(203, 0, 113, .random(in: 7...8, using: &random))),
          port: .random(in: 1000...1059, using: &random))
        let sent = model.lastSent[target]?[text(test.filtering, remote)]
        let admitted =
          test.filtering == .endpointIndependent
          || sent.map { $0.duration(to: now) < .seconds(300) } == true
        let expected = admitted ? model.inside[target] : nil
        #expect(nat.receive(from: remote, to: target, at: now) == expected)
      }
      #expect(nat.count == model.inside.count)
    }
    let mappings = nat.mappings
    #expect(Set(mappings.map(\.outside)).count == mappings.count)
    #expect(Set(mappings.map(\.outside)) == Set(model.inside.keys))
  }
}
