import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Whole sessions of two agents, through all NATs, with loss, duplication and reordering.
@Suite struct ConnectingTests {
  @Test("Two agents with public addresses select the same pair, reversed")
  func open() throws {
    var world = try World(.open(0), .open(1))
    try world.connect()
    #expect(world.agents[0].state == .completed)
    #expect(world.agents[1].state == .completed)
    let pair = try #require(world.agents[0].pair())
    #expect(pair.local.address == "203.0.113.7:5000")
    #expect(pair.remote.address == "203.0.113.9:6000")
    #expect(world.selectsTheSame)
  }

  static let behaviors = TestNAT.Dependence.allCases.flatMap { mapping in
    TestNAT.Dependence.allCases.map { (mapping, $0) }
  }

  @Test(
    "Through any two NATs, with loss and reordering, both select the same pair", arguments: 0..<9)
  func allNATs(_ left: Int) throws {
    for right in 0..<9 {
      for seed in 0..<6 {
        let path = World.Path(
          latency: .milliseconds(20), jitter: .milliseconds(15), lossPercent: seed * 4,
          duplicationPercent: seed * 4)
        var world = try World(
          .behind(Self.behaviors[left].0, Self.behaviors[left].1, 0),
          .behind(Self.behaviors[right].0, Self.behaviors[right].1, 1), path: path,
          seed: UInt64(left * 1000 + right * 10 + seed))
        try world.connect(spread: seed % 2 == 0 ? .zero : .milliseconds(100))
        #expect(world.agents[0].state == .completed, "\(left) \(right) \(seed)")
        #expect(world.agents[1].state == .completed, "\(left) \(right) \(seed)")
        world.expectPacing()
        // A second nomination may still be under way, whose response has come and whose triggered check
        // has not.
        try world.run(until: world.now.advanced(by: .seconds(8)))
        #expect(world.selectsTheSame, "\(left) \(right) \(seed)")
        guard seed == 0, let pair = world.agents[0].pair() else { continue }
        let isRelayed = pair.local.type == .relayed || pair.remote.type == .relayed
        #expect(isRelayed == !Self.canPunch(left, right), "\(left) \(right): \(pair)")
      }
    }
  }

  @Test("Streams and components share one Ta until the first pair is selected (§14.2, pitfall 36)")
  func sharedPacing() throws {
    for seed in 0..<10 as Range<UInt64> {
      var world = try World(
        .behind(.endpoint, .address, 0), .behind(.endpoint, .addressAndPort, 1),
        path: .init(jitter: .milliseconds(10), lossPercent: 10), seed: seed, streams: [2, 2])
      world.sides[0].components = 2
      world.sides[1].components = 2
      world.sides[1].deadCandidates = 3
      try world.describe(0, streams: 2)
      try world.describe(1, streams: 2)
      // Consent checks, which come with a selected pair, are no part of it.
      try world.run(until: .seconds(10)) { world in
        !world.log.joined().contains { if case .selected = $0 { true } else { false } }
      }
      world.expectPacing()
      try world.run(until: .seconds(200)) { !$0.isOver }
      #expect(world.agents.allSatisfy { $0.state == .completed })
      #expect(world.selectsTheSame)
    }
  }

  /// Whether hole punching works, as RFC 5128 §3.3 reasons, with what peer-reflexive addresses add.
  static func canPunch(_ left: Int, _ right: Int) -> Bool {
    typealias NAT = (mapping: TestNAT.Dependence, filtering: TestNAT.Dependence)
    let (one, other): (NAT, NAT) = (behaviors[left], behaviors[right])
    // Whether a first check gets in at the address that the STUN server saw.
    func enters(_ nat: NAT, from peer: NAT) -> Bool {
      switch nat.filtering {
      case .endpoint: true
      case .address: nat.mapping == .endpoint
      case .addressAndPort: nat.mapping == .endpoint && peer.mapping == .endpoint
      }
    }
    // Whether the answer, which may come from another port, gets back in.
    func returns(_ nat: NAT, from peer: NAT) -> Bool {
      peer.mapping == .endpoint || nat.filtering != .addressAndPort
    }
    // Two mappings that depend on the port change with each answer.
    if one.mapping == .addressAndPort && other.mapping == .addressAndPort { return false }
    return enters(one, from: other) && returns(other, from: one)
      || enters(other, from: one) && returns(one, from: other)
  }
}

extension World {
  /// Whether each agent's selected pair is the other's, seen from the other end.
  var selectsTheSame: Bool {
    guard let left = agents[0].pair(), let right = agents[1].pair() else { return false }
    return left.local.address == right.remote.address
      && left.remote.address == right.local.address
  }

  /// No new check comes sooner than Ta after the one before it.
  func expectPacing(sourceLocation: SourceLocation = #_sourceLocation) {
    for agent in 0..<2 {
      let times = requests(of: agent).map(\.at)
      let pacing = agents[agent].configuration.pacing
      let tooSoon = zip(times, times.dropFirst()).filter { $0.duration(to: $1) < pacing }
      #expect(tooSoon.isEmpty, sourceLocation: sourceLocation)
    }
  }
}
