import ICE
import SansIO
import TransportAddress

/// The meetings of `Benchmarks/compare ice` in virtual time: two homes whose NATs masquerade as the kernel's
/// do, a street between them, and on each side as many addresses as there are candidates to tell of.
struct Street {
  /// How many candidates each side is told of: a server-reflexive one, and hosts.
  var candidates: Int
  /// How many more it is told of that lead nowhere, with the priorities of hosts.
  var dead = 0
  /// Ta, which both ask for.
  var pacing = ICEConstants.pacing
  /// One way from host to host.
  var latency: Duration = .microseconds(200)
  /// How much earlier the controlling side knows all candidates than the other; negative for later.
  var lead: Duration

  /// How a meeting went.
  struct Outcome: Hashable, CustomStringConvertible {
    /// Milliseconds from the moment in which both know all candidates to the selected pair of each side.
    var controlling: Int
    var controlled: Int
    /// What both have sent by then.
    var packets: Int
    /// The types of the selected pair, as the controlling side sees it.
    var types: [CandidateType]

    var description: String { "\(controlling) ms, \(controlled) ms, \(packets) packets, \(types)" }
  }

  /// Lets the two meet.
  ///
  /// - Parameter look: gets the world as it is at the end.
  func meet(_ look: (World) -> Void = { _ in }) throws -> Outcome {
    var configuration = ICEConfiguration()
    configuration.pacing = pacing
    var world = try World(
      .behind(.endpoint, .addressAndPort, 0, hasRelay: false),
      .behind(.endpoint, .addressAndPort, 1, hasRelay: false),
      path: World.Path(latency: latency), configurations: [configuration, configuration])
    let told = try (0...1).map { try gather($0, &world) }
    let given: [Duration] = [max(.zero, .zero - lead), max(.zero, lead)]
    for agent in 0...1 {
      let (own, pacing) = (world.agents[agent].credentials, pacing)
      world.signal(to: 1 - agent, after: given[1 - agent]) { receiver, now in
        try receiver.remoteDescriptionReceived(RemoteDescription(own, pacing: pacing), at: now)
        for candidate in told[agent] { try receiver.remoteCandidateReceived(candidate, at: now) }
        try receiver.remoteCandidatesEnded(at: now)
      }
    }
    let begin = world.now.advanced(by: max(given[0], given[1]))
    var times: [Int] = [0, 0]
    try world.run(until: .seconds(60)) { world in
      for agent in 0...1 where times[agent] == 0 && world.agents[agent].state == .completed {
        times[agent] = Int(begin.duration(to: world.now).wholeNanoseconds / 1_000_000)
      }
      return !world.isOver
    }
    look(world)
    let pair = world.agents[0].pair()
    return Outcome(
      controlling: times[0], controlled: times[1], packets: world.sent.count,
      types: [pair?.local.type, pair?.remote.type].compactMap { $0 })
  }

  /// Gathers on a side, and chooses what the other is told.
  private func gather(_ agent: Int, _ world: inout World) throws -> [Candidate] {
    let first = world.sides[agent].privateAddress
    guard case .v4(let address) = first.address else { return [] }
    for number in 0..<max(1, candidates - 1) {
      let base = TransportAddress(
        .v4(IPv4Address(rawValue: address.rawValue + UInt32(number))), port: first.port)
      let preference = ICEConstants.highestLocalPreference - UInt16(number)
      let server: TransportAddress = "198.51.100.1:3478"
      try world.agents[agent].gathered(.host(base, localPreference: preference), at: world.now)
      guard let mapped = world.sides[agent].nat?.map(base, to: server) else { continue }
      try world.agents[agent].gathered(
        .serverReflexive(mapped, base: base, server: server, localPreference: preference),
        at: world.now)
    }
    try world.agents[agent].gatheringFinished(at: world.now)
    let own = world.agents[agent].localCandidates.map { CandidateAttribute($0).candidate ?? $0 }
    let graves = (0..<dead).map { number in
      ICETests.host(
        TransportAddress(.v4(IPv4Address(203, 0, 113, UInt8(100 + number))), port: 9),
        foundation: CandidateFoundation(number: UInt32(900 + number)),
        localPreference: ICEConstants.highestLocalPreference - 1 - UInt16(number))
    }
    return graves + own.filter { $0.type == .host }.prefix(candidates - 1)
      + own.filter { $0.type == .serverReflexive }.prefix(1)
  }
}
