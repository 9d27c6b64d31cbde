import IPPacket
import NATTable
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// A host behind a NAT, and a server with two addresses on the other side; every packet is instant.
private struct Network {
  var nat: NATTable
  var servers: BindingServer
  var now: Instant = .zero

  init(_ configuration: NATTable.Configuration, alternate: TransportAddress? = otherServer) {
    nat = NATTable(configuration, external: "203.0.113.7")
    servers = BindingServer(.init(server, alternate: alternate))
  }

  /// Carries a packet from the inside and gives what comes back inside, if anything does.
  mutating func carry(
    _ bytes: [UInt8], from source: TransportAddress, to target: TransportAddress
  ) -> (bytes: [UInt8], to: TransportAddress)? {
    guard let out = nat.outbound(Packet(from: source, to: target), at: now).packet else {
      return nil
    }
    // Turned round: the packet comes back as it went.
    if target.address == "203.0.113.7" { return (bytes, out.destination) }
    guard
      case .reply(let reply, let from, let to) = servers.received(
        bytes, from: out.source, to: target, at: now),
      let back = nat.inbound(Packet(from: from, to: to), at: now).packet
    else { return nil }
    return (reply, back.destination)
  }
}

@Suite struct DiscoveryTests {
  let second: TransportAddress = "10.0.0.2:5001"

  private func discover(
    _ configuration: NATTable.Configuration, alternate: TransportAddress? = otherServer
  ) throws -> DiscoveredBehavior {
    var network = Network(configuration, alternate: alternate)
    var discovery = BehaviorDiscovery(
      server: server, local: client, generator: SeededGenerator(seed: 8489))
    var action = discovery.started(at: network.now)
    for _ in 0..<100 {
      switch action {
      case .finished(let found): return found
      case .wait:
        network.now = try #require(discovery.nextDeadline)
        action = discovery.timerFired(at: network.now)
      case .send(let bytes, let to, let socket):
        let source = socket == .examined ? client : second
        guard let back = network.carry(bytes, from: source, to: to) else {
          action = .wait
          continue
        }
        action = discovery.received(
          back.bytes, on: back.to == client ? .examined : .other, at: network.now)
      }
    }
    Issue.record("It never ends")
    return DiscoveredBehavior()
  }

  @Test(
    "Every mapping with every filtering is found out for what it is",
    arguments: EndpointDependence.allCases, EndpointDependence.allCases)
  func behavior(mapping: EndpointDependence, filtering: EndpointDependence) throws {
    let found = try discover(.init(mapping: mapping, filtering: filtering))
    #expect(found.mapping?.description == mapping.description)
    #expect(found.filtering?.description == filtering.description)
    #expect(!found.isLocal && !found.hasALG)
  }

  @Test("Hairpinning is found out", arguments: NATTable.Hairpinning.allCases)
  func hairpinning(hairpinning: NATTable.Hairpinning) throws {
    var configuration = NATTable.Configuration.fullCone
    configuration.hairpinning = hairpinning
    #expect(try discover(configuration).hairpins == (hairpinning != .none))
  }

  @Test("A server with one address tells the mapped address and no more")
  func oneAddress() throws {
    let found = try discover(.fullCone, alternate: nil)
    #expect(found.mapped != nil)
    #expect(found.mapping == nil && found.filtering == nil)
  }

  @Test("Where nothing answers, nothing is found out")
  func blocked() {
    var discovery = BehaviorDiscovery(
      server: server, local: client, generator: SeededGenerator(seed: 8489))
    var action = discovery.started(at: .zero)
    while let deadline = discovery.nextDeadline { action = discovery.timerFired(at: deadline) }
    #expect(action == .finished(DiscoveredBehavior()))
  }

  // Pitfall 9.
  @Test("A NAT that rewrites MAPPED-ADDRESS is seen, and XOR-MAPPED-ADDRESS believed")
  func alg() throws {
    var discovery = BehaviorDiscovery(
      server: server, local: client, generator: SeededGenerator(seed: 8489))
    guard case .send(let request, _, _) = discovery.started(at: .zero) else { return }
    let response = try answer(to: request) {
      try $0.append(mappedAddress: client)
      try $0.append(xorMappedAddress: "203.0.113.7:40000")
    }
    guard case .finished(let found) = discovery.received(response, on: .examined, at: .zero) else {
      Issue.record("not finished")
      return
    }
    #expect(found.hasALG)
    #expect(found.mapped == "203.0.113.7:40000")
  }

  @Test("The lifetime of a mapping is found to five seconds", arguments: [30, 120, 300] as [Int64])
  func lifetime(seconds: Int64) throws {
    var configuration = NATTable.Configuration.fullCone
    configuration.mappingTimeout = .seconds(seconds)
    var network = Network(configuration)
    var discovery = LifetimeDiscovery(server: server, generator: SeededGenerator(seed: 8489))
    var action = discovery.started(at: network.now)
    for _ in 0..<1000 {
      switch action {
      case .finished(let outcome):
        guard case .lifetime(let low, let high?) = outcome else {
          Issue.record("\(outcome)")
          return
        }
        #expect(low <= .seconds(seconds) && high >= .seconds(seconds))
        #expect(high - low <= .seconds(5))
        return
      case .wait:
        network.now = try #require(discovery.nextDeadline)
        action = discovery.timerFired(at: network.now)
      case .send(let bytes, let to, let socket):
        let source = socket == .x ? client : second
        guard let back = network.carry(bytes, from: source, to: to) else {
          action = .wait
          continue
        }
        action = discovery.received(
          back.bytes, on: back.to == client ? .x : .y, at: network.now)
      }
    }
    Issue.record("It never ends")
  }
}
