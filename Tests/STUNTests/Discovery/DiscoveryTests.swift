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

  init(
    _ configuration: NATTable.Configuration, alternate: TransportAddress? = otherServer
  ) throws {
    nat = NATTable(configuration, external: "203.0.113.7")
    servers = BindingServer(
      try alternate.map { try .init(server, alternate: $0) } ?? .init(server))
  }

  /// Carries a packet from the inside and gives what comes back inside, if anything does.
  mutating func carry(
    _ bytes: [UInt8], from source: TransportAddress, to target: TransportAddress
  ) throws -> (bytes: [UInt8], from: TransportAddress, to: TransportAddress)? {
    guard let out = nat.outbound(Packet(from: source, to: target), at: now).packet else {
      return nil
    }
    // Hairpinned: the packet comes back as it went.
    if target.address == "203.0.113.7" { return (bytes, out.source, out.destination) }
    guard let reply = try servers.reply(to: bytes, from: out.source, to: target, at: now),
      let back = nat.inbound(Packet(from: reply.from, to: reply.to), at: now).packet
    else { return nil }
    return (reply.bytes, back.source, back.destination)
  }
}

@Suite struct DiscoveryTests {
  let second: TransportAddress = "10.0.0.2:5001"
  var generator = SeededGenerator(seed: 8489)

  private mutating func discover(
    _ configuration: NATTable.Configuration, alternate: TransportAddress? = otherServer
  ) throws -> DiscoveredBehavior {
    var network = try Network(configuration, alternate: alternate)
    var discovery = BehaviorDiscovery(server: server, local: client)
    try discovery.started(at: network.now, using: &generator)
    for _ in 0..<100 {
      switch discovery.nextAction() {
      case .finished(let found): return found
      case nil:
        network.now = try #require(discovery.nextDeadline)
        discovery.timerFired(at: network.now, using: &generator)
      case .send(let bytes, let to, let socket):
        let source = socket == .examined ? client : second
        guard let back = try network.carry(bytes, from: source, to: to) else { continue }
        discovery.received(
          back.bytes.span, from: back.from, on: back.to == client ? .examined : .other,
          at: network.now, using: &generator)
      }
    }
    throw Failure("it never ends")
  }

  /// The request that the discovery sends now.
  func sent(_ discovery: inout BehaviorDiscovery) throws -> [UInt8] {
    let action = discovery.nextAction()
    guard case .send(let bytes, _, _) = action else { throw Failure(action as Any) }
    return bytes
  }

  @Test(
    "Every mapping with every filtering is found out for what it is",
    arguments: EndpointDependence.allCases, EndpointDependence.allCases)
  mutating func behavior(mapping: EndpointDependence, filtering: EndpointDependence) throws {
    let found = try discover(.init(mapping: mapping, filtering: filtering))
    #expect(found.mapping == mapping)
    #expect(found.filtering == filtering)
    #expect(!found.isLocal && !found.hasALG)
  }

  @Test("Hairpinning is found out", arguments: NATTable.Hairpinning.allCases)
  mutating func hairpinning(hairpinning: NATTable.Hairpinning) throws {
    var configuration = NATTable.Configuration.fullCone
    configuration.hairpinning = hairpinning
    #expect(try discover(configuration).supportsHairpinning == (hairpinning != .none))
  }

  @Test("A server with one address tells the mapped address and no more")
  mutating func oneAddress() throws {
    let found = try discover(.fullCone, alternate: nil)
    #expect(found.mapped == "203.0.113.7:5000")
    #expect(found.mapping == nil && found.filtering == nil)
  }

  @Test("Where nothing answers, nothing is found out")
  mutating func blocked() throws {
    var discovery = BehaviorDiscovery(server: server, local: client)
    try discovery.started(at: .zero, using: &generator)
    var sends = 0
    while let action = discovery.nextAction() ?? nextTimerAction(&discovery) {
      if case .send = action { sends += 1 }
      if case .finished(let found) = action { #expect(found == DiscoveredBehavior()) }
    }
    #expect(sends == 3)
    #expect(discovery.nextDeadline == nil)
  }

  mutating func nextTimerAction(_ discovery: inout BehaviorDiscovery) -> BehaviorDiscovery.Action? {
    guard let deadline = discovery.nextDeadline else { return nil }
    discovery.timerFired(at: deadline, using: &generator)
    return discovery.nextAction()
  }

  // In processes of their own, as a second test while the first one runs would trap.
  @Test("The discovery of behavior cannot be started twice")
  func behaviorStartedTwice() async {
    await #expect(processExitsWith: .success) {
      var generator = SeededGenerator(seed: 5780)
      var behavior = BehaviorDiscovery(server: server, local: client)
      try behavior.started(at: .zero, using: &generator)
      #expect(throws: DiscoveryError.alreadyStarted) {
        try behavior.started(at: .zero, using: &generator)
      }
    }
  }

  @Test("The discovery of a lifetime cannot be started twice")
  func lifetimeStartedTwice() async {
    await #expect(processExitsWith: .success) {
      var generator = SeededGenerator(seed: 5780)
      var lifetime = try LifetimeDiscovery(server: server)
      try lifetime.started(at: .zero, using: &generator)
      #expect(throws: DiscoveryError.alreadyStarted) {
        try lifetime.started(at: .zero, using: &generator)
      }
    }
  }

  // Pitfall 9.
  @Test("A NAT that rewrites MAPPED-ADDRESS is seen, and XOR-MAPPED-ADDRESS believed")
  mutating func alg() throws {
    var discovery = BehaviorDiscovery(server: server, local: client)
    try discovery.started(at: .zero, using: &generator)
    let response = try response(to: sent(&discovery)) {
      try $0.append(mappedAddress: client)
      try $0.append(xorMappedAddress: "203.0.113.7:40000")
    }
    discovery.received(
      response.span, from: server, on: .examined, at: .zero, using: &generator)
    let action = discovery.nextAction()
    guard case .finished(let found) = action else { throw Failure(action as Any) }
    #expect(found.hasALG)
    #expect(found.mapped == "203.0.113.7:40000")
  }

  @Test("A server that claims to answer from elsewhere and does not says nothing about the filter")
  mutating func changeRequestIgnored() throws {
    var discovery = BehaviorDiscovery(server: server, local: client)
    try discovery.started(at: .zero, using: &generator)
    // Connectivity; filtering; and mapping, which asks the other address and so is not believed.
    for _ in 0..<3 {
      let response = try response(to: sent(&discovery)) {
        try $0.append(xorMappedAddress: "203.0.113.7:40000")
        try $0.append(otherAddress: otherServer)
      }
      discovery.received(
        response.span, from: server, on: .examined, at: .zero, using: &generator)
    }
    #expect(discovery.drops == [.unexpectedSource: 1])
    var outcome: DiscoveredBehavior?
    while let action = discovery.nextAction() ?? nextTimerAction(&discovery) {
      if case .finished(let found) = action { outcome = found }
    }
    let found = try #require(outcome)
    #expect(found.mapped == "203.0.113.7:40000")
    #expect(found.filtering == nil && found.mapping == nil)
  }

  @Test("A response from an address that was not asked is dropped")
  mutating func unexpectedSource() throws {
    var discovery = BehaviorDiscovery(server: server, local: client)
    try discovery.started(at: .zero, using: &generator)
    let forged = try response(to: sent(&discovery)) {
      try $0.append(xorMappedAddress: "192.0.2.66:6666")
    }
    discovery.received(
      forged.span, from: otherServer, on: .examined, at: .zero, using: &generator)
    #expect(discovery.nextAction() == nil)
    #expect(discovery.drops == [.unexpectedSource: 1])
  }

  @Test("The lifetime of a mapping is found to five seconds", arguments: [30, 120, 300] as [Int64])
  mutating func lifetime(seconds: Int64) throws {
    var configuration = NATTable.Configuration.fullCone
    configuration.mappingTimeout = .seconds(seconds)
    var network = try Network(configuration)
    var discovery = try LifetimeDiscovery(server: server)
    try discovery.started(at: network.now, using: &generator)
    for _ in 0..<1000 {
      switch discovery.nextAction() {
      case .finished(let outcome):
        guard case .lifetime(let low, let high?) = outcome else { throw Failure(outcome) }
        #expect(low <= .seconds(seconds) && high >= .seconds(seconds))
        #expect(high - low <= .seconds(5))
        return
      case nil:
        network.now = try #require(discovery.nextDeadline)
        discovery.timerFired(at: network.now, using: &generator)
      case .send(let bytes, let to, let socket):
        let source = socket == .x ? client : second
        guard let back = try network.carry(bytes, from: source, to: to) else { continue }
        discovery.received(
          back.bytes.span, from: back.from, on: back.to == client ? .x : .y, at: network.now,
          using: &generator)
      }
    }
    throw Failure("it never ends")
  }

  @Test("A search for less than a second, or to nothing, is thrown back")
  func lifetimeMisuse() {
    #expect(throws: STUNConfigurationError.longestOutOfRange(.milliseconds(999))) {
      try LifetimeDiscovery(server: server, longest: .milliseconds(999))
    }
    #expect(throws: STUNConfigurationError.resolutionOutOfRange(.zero)) {
      try LifetimeDiscovery(server: server, resolution: .zero)
    }
  }

  @Test("A search for one second, and to the nanosecond, is taken")
  func leastLifetime() {
    #expect(throws: Never.self) {
      try LifetimeDiscovery(server: server, longest: .seconds(1), resolution: .nanoseconds(1))
    }
  }
}
