import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Which pair is nominated and selected, and what ends with it (RFC 8445 §8).
@Suite struct NominationTests {
  private let remotes = [
    host(Desk.remote, foundation: "1"),
    Candidate(
      remote: .serverReflexive, "203.0.113.10:6000", foundation: "2", priority: 1_694_498_815),
  ]

  @Test("The controlling agent repeats the check of a valid pair with USE-CANDIDATE (§8.1.1)")
  func regular() throws {
    var desk = try Desk()
    let check = try desk.nextCheck()
    #expect(!check.useCandidate)
    try desk.answer(check)
    let nomination = try desk.nextCheck()
    #expect(nomination.useCandidate)
    #expect(nomination.message.transactionID != check.message.transactionID)
    #expect(!desk.component.isSelected)
    try desk.answer(nomination)
    #expect(desk.component == .selected(desk.ids[0]))
    #expect(desk.agent.state == .completed)
    let pair = try #require(desk.agent.pair())
    #expect(desk.actions().contains(.selected(pair, StreamComponent())))
  }

  @Test("The controlled agent never sends USE-CANDIDATE (§8.1.1)")
  func controlledIsSilent() throws {
    var desk = try Desk(.controlled)
    try desk.answer(try desk.nextCheck())
    #expect(try desk.wait(.seconds(29)).allSatisfy { !$0.useCandidate })
    #expect(desk.component.isConnected)
  }

  @Test(
    "The controlled agent selects what is nominated, when its own check has succeeded (§7.3.1.5)")
  func nominated() throws {
    for isEarly in [true, false] {
      var desk = try Desk(.controlled)
      let check = try desk.nextCheck()
      if !isEarly { try desk.answer(check) }
      desk.deliver(try desk.request(use: true, role: .controlling))
      #expect(desk.component.isSelected == !isEarly)
      if isEarly { try desk.answer(try desk.nextCheck()) }
      #expect(desk.component.isSelected)
    }
  }

  @Test("The controlled agent selects the nominated pair, not its own favorite")
  func notTheFavorite() throws {
    var desk = try Desk(.controlled, remotes: remotes)
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    desk.deliver(try desk.request(use: true, role: .controlling), from: "203.0.113.10:6000")
    #expect(desk.agent.pair()?.remote.address == "203.0.113.10:6000")
  }

  @Test("A nomination meets the pair also where the mapped address is not the base (§7.2.5.3.2)")
  func nominatedBehindNAT() throws {
    var desk = try Desk(.controlled)
    try desk.answer(try desk.nextCheck(), mapped: "203.0.113.7:41234")
    desk.deliver(try desk.request(use: true, role: .controlling))
    #expect(desk.component.isSelected)
    #expect(desk.agent.pair()?.local.address == "203.0.113.7:41234")
    #expect(desk.agent.pair()?.base == Desk.base)
  }

  @Test("A request alone selects nothing: the way there must work, too (§7.3.1.5)")
  func oneWay() throws {
    var desk = try Desk(.controlled)
    for _ in 0..<20 {
      desk.deliver(try desk.request(use: true, role: .controlling))
      try desk.wait(.seconds(1))
    }
    #expect(!desk.component.isSelected && !desk.component.isConnected)
    #expect(desk.agent.pair() == nil)
  }

  @Test("An agent in the controlling role heeds no USE-CANDIDATE")
  func notControlled() throws {
    var desk = try Desk(.controlling)
    try desk.answer(try desk.nextCheck())
    _ = try desk.nextCheck()
    // The role attribute says controlled, and so there is no conflict.
    desk.deliver(try desk.request(use: true, role: .controlled))
    #expect(!desk.component.isSelected)
  }

  @Test("Of several nominated pairs the one with the highest priority is selected (§8.1.1)")
  func aggressive() throws {
    var desk = try Desk(.controlled, remotes: remotes)
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    let (best, other): (TransportAddress, TransportAddress) = (Desk.remote, "203.0.113.10:6000")
    desk.deliver(try desk.request(use: true, role: .controlling), from: other)
    #expect(desk.agent.pair()?.remote.address == other)
    desk.deliver(try desk.request(use: true, role: .controlling), from: best)
    #expect(desk.agent.pair()?.remote.address == best)
    desk.deliver(try desk.request(use: true, role: .controlling), from: other)
    #expect(desk.agent.pair()?.remote.address == best)
  }

  @Test("A peer that nominates regularly means the latest pair, and late copies change nothing")
  func latestNomination() throws {
    var desk = try Desk(.controlled, remotes: remotes)
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    let (best, other): (TransportAddress, TransportAddress) = (Desk.remote, "203.0.113.10:6000")
    for source in [best, other] {
      desk.deliver(try desk.request(role: .controlling), from: source)
    }
    let first = try desk.request(use: true, role: .controlling)
    desk.deliver(first, from: best)
    #expect(desk.agent.pair()?.remote.address == best)
    desk.deliver(try desk.request(use: true, role: .controlling), from: other)
    #expect(desk.agent.pair()?.remote.address == other)
    desk.deliver(first, from: best)
    #expect(desk.agent.pair()?.remote.address == other)
  }

  @Test("A better pair is waited for while its check is young, and not longer (§8.1.1)")
  func patience() throws {
    var desk = try Desk(remotes: remotes)
    let checks = try desk.wait(.milliseconds(60))
    try desk.answer(checks[1])
    #expect(desk.component.isConnected)
    let nomination = try desk.nextCheck()
    #expect(nomination.remote == "203.0.113.10:6000" && nomination.useCandidate)
    #expect(desk.now < .milliseconds(700))
    // The better one comes in time here.
    var other = try Desk(remotes: remotes)
    let both = try other.wait(.milliseconds(60))
    try other.answer(both[1])
    try other.answer(both[0])
    #expect(try other.nextCheck().remote == Desk.remote)
  }

  /// An agent with a private address, and a peer that is told to have four of them and one outside.
  private func desk(outside: TransportAddress) throws -> Desk {
    let hosts = (0..<4).map { number in
      host(
        TransportAddress("10.0.1.2", port: 6000 + UInt16(number)),
        foundation: CandidateFoundation(number: UInt32(60 + number)),
        localPreference: UInt16(60_000 - number))
    }
    return try Desk(
      remotes: hosts + [
        Candidate(remote: .serverReflexive, outside, foundation: "2", priority: 1_694_498_815)
      ])
  }

  @Test("Between two NATs private addresses are not waited for (§8.1.1)")
  func otherNAT() throws {
    var desk = try desk(outside: "203.0.113.10:6000")
    let checks = try desk.wait(.milliseconds(60))
    #expect(checks.map(\.remote.address) == ["10.0.1.2", "203.0.113.10"])
    try desk.answer(checks[1], mapped: "203.0.113.7:40000")
    // Two pairs of hosts wait, and are no reason to wait.
    let nomination = try desk.nextCheck()
    #expect(nomination.useCandidate && nomination.remote == checks[1].remote)
    #expect(desk.now == .milliseconds(100))
  }

  @Test("Behind one NAT private addresses are waited for (§8.1.1)")
  func sameNAT() throws {
    var desk = try desk(outside: "203.0.113.7:6000")
    let checks = try desk.wait(.milliseconds(60))
    try desk.answer(checks[1], mapped: "203.0.113.7:40000")
    let later = [try desk.nextCheck(), try desk.nextCheck()]
    #expect(later.map(\.remote.port) == [6001, 6002] && !later.contains { $0.useCandidate })
    try desk.answer(later[1])
    let nomination = try desk.nextCheck()
    #expect(nomination.useCandidate && nomination.remote == later[1].remote)
  }

  @Test("No pair is waited for that is no better than the valid one's own (§7.2.5.3.2)")
  func boundOfPriority() throws {
    var desk = try Desk(
      local: [
        .host(Desk.base), .serverReflexive("203.0.113.7:40000", base: Desk.base),
        .host("10.0.0.3:5000", localPreference: 1),
      ], remotes: [remotes[1]])
    let check = try desk.nextCheck()
    #expect(desk.pairs.map(\.base) == [Desk.base, "10.0.0.3:5000"])
    try desk.answer(check, mapped: "203.0.113.7:40000")
    // The valid pair's priority is below that of the other pair, whose check would make it as low.
    let nomination = try desk.nextCheck()
    #expect(nomination.useCandidate && nomination.base == Desk.base)
    #expect(desk.now == .milliseconds(50))
  }

  @Test("Another pair through the same NAT is waited for two round trips alone (§8.1.1)")
  func sameKind() throws {
    let many = (0..<9).map { number in
      Candidate(
        remote: .serverReflexive, TransportAddress("203.0.113.20", port: 7000 + UInt16(number)),
        foundation: CandidateFoundation(number: UInt32(70 + number)), priority: 1_694_498_810)
    }
    let peer = Candidate(
      remote: .serverReflexive, "203.0.113.10:6000", foundation: "2", priority: 1_694_498_000)
    var desk = try Desk(remotes: many + [peer])
    // The peer's check comes before the agent's turn, and triggers one.
    let first = try desk.nextCheck()
    desk.deliver(try desk.request(), from: peer.address)
    let triggered = try desk.nextCheck()
    #expect(triggered.remote == peer.address && first.remote != peer.address)
    try desk.answer(triggered, mapped: "203.0.113.7:40000")
    let later = try desk.wait(.milliseconds(110))
    #expect(later.last?.useCandidate == true && later.last?.remote == peer.address)
  }

  @Test("The best valid pair has its own priority, and not that of the host pair (§7.2.5.3.2)")
  func priorityOfValidPair() throws {
    let (relayed, peer): (TransportAddress, TransportAddress) = (
      "198.51.100.1:49152", "203.0.113.9:7000"
    )
    var desk = try Desk(
      local: [
        .host(Desk.base), .serverReflexive("203.0.113.7:40000", base: Desk.base),
        .relayed(relayed, mapped: "203.0.113.7:40000"),
      ],
      remotes: [
        Candidate(remote: .relayed, "198.51.100.2:49152", foundation: "3", priority: 16_777_215)
      ])
    // The peer's check comes in by the own relay, from an address that only its NAT knew.
    let fromPeer = try desk.request(priority: 1_862_270_975)
    desk.deliver(fromPeer, from: peer, to: relayed)
    for check in try desk.wait(.milliseconds(110)) where check.message.type == .bindingRequest {
      try desk.answer(check, mapped: check.base == relayed ? relayed : "203.0.113.7:40000")
    }
    // Host to relay is the first of the checklist; through the NAT it is server-reflexive to relay.
    #expect(desk.pairs.first?.local.type == .host && desk.pairs.first?.remote.type == .relayed)
    let nomination = try desk.nextCheck(within: .seconds(3))
    #expect(nomination.useCandidate && nomination.base == relayed && nomination.remote == peer)
  }

  @Test("If the nominating check fails, the next valid pair is nominated (§7.2.5.3.4)")
  func nextValidPair() throws {
    var desk = try Desk(remotes: remotes)
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    let nomination = try desk.nextCheck()
    #expect(nomination.remote == Desk.remote && nomination.useCandidate)
    desk.deliver(try desk.failure(nomination, .serverError))
    let second = try desk.nextCheck()
    #expect(second.remote == "203.0.113.10:6000" && second.useCandidate)
    try desk.answer(second)
    #expect(desk.component.isSelected)
  }

  @Test("A triggered check in the moment of nomination does not change the nominated pair")
  func triggeredWhileNominating() throws {
    var desk = try Desk(remotes: remotes)
    let checks = try desk.wait(.milliseconds(60))
    try desk.answer(checks[0])
    let nomination = try desk.nextCheck()
    desk.deliver(try desk.request(), from: "203.0.113.10:6000")
    let triggered = try desk.nextCheck()
    #expect(triggered.remote == "203.0.113.10:6000" && !triggered.useCandidate)
    try desk.answer(triggered)
    try desk.answer(nomination)
    #expect(desk.agent.pair()?.remote.address == Desk.remote)
  }

  @Test("With a pair selected, the others are checked no more (§8.1.2)")
  func othersEnd() throws {
    let many = (0..<10).map { number in
      host(
        TransportAddress("203.0.113.20", port: 7000 + UInt16(number)),
        foundation: CandidateFoundation(number: 50 + UInt32(number)), localPreference: 9)
    }
    var desk = try Desk(remotes: remotes + many)
    try desk.answer(try desk.nextCheck())
    try desk.answer(try desk.nextCheck())
    #expect(desk.component.isSelected)
    let later = try desk.wait(.seconds(20))
    #expect(later.allSatisfy { $0.remote == Desk.remote })
    let explained = try #require(desk.ids.last)
    #expect(desk.agent.explanation(of: explained) == .superseded(by: desk.ids[0]))
  }

  @Test("A component with its pair selected is left alone while the other one is checked (§8.1.2)")
  func otherComponentGoesOn() throws {
    var remotes: [Candidate] = []
    for number in 0..<4 as Range<UInt16> {
      for component in [1, 2] as [ComponentID] {
        let port = 6000 + 10 * number + component.rawValue
        remotes.append(
          host(
            TransportAddress("203.0.113.9", port: port), component: component,
            foundation: CandidateFoundation(number: UInt32(number)),
            localPreference: 1000 - number))
      }
    }
    var desk = try Desk(
      .controlled, streams: [2], local: [.host(Desk.base), .host("10.0.0.2:5001", component: 2)],
      remotes: remotes)
    let check = try desk.nextCheck()
    #expect(check.base == Desk.base)
    try desk.answer(check)
    deliverNomination(&desk, from: check.remote)
    let later = try desk.wait(.seconds(2)).filter { $0.message.type == .bindingRequest }
    #expect(!later.isEmpty && later.allSatisfy { $0.base == "10.0.0.2:5001" })
    #expect(desk.agent.state == .running)
  }

  private func deliverNomination(_ desk: inout Desk, from source: TransportAddress) {
    guard let request = try? desk.request(use: true, role: .controlling) else { return }
    desk.deliver(request, from: source)
  }

  @Test("Bases that no selected pair needs are released 3 s after completion (§8.3.1)")
  func release() throws {
    var desk = try Desk(local: [.host(Desk.base), .host("10.0.0.3:5000", localPreference: 1)])
    try desk.select()
    var released: [(Instant, TransportAddress)] = []
    while let deadline = desk.agent.nextDeadline, deadline < .seconds(6) {
      desk.now = deadline
      desk.agent.timerFired(at: deadline, using: &desk.generator)
      for case .release(let base, _) in desk.actions() { released.append((deadline, base)) }
    }
    #expect(released.map(\.1) == ["10.0.0.3:5000"])
    #expect(released.allSatisfy { $0.0 >= .seconds(3) && $0.0 < .seconds(4) })
  }

  @Test("Components get their pairs each, and the stream completes with the last (§8.1.2)")
  func components() throws {
    var world = try World(.open(0), .open(1), streams: [2, 2])
    world.sides[0].components = 2
    world.sides[1].components = 2
    try world.connect(streams: 2)
    for agent in world.agents {
      #expect(agent.state == .completed)
      for stream in 0..<2 {
        for component in [1, 2] as [ComponentID] {
          let pair = agent.pair(for: StreamComponent(stream: stream, component: component))
          #expect(pair?.local.component == component && pair?.remote.component == component)
        }
      }
    }
    // One selected pair for each component, and the stream is reported once.
    let completions = world.log[0].count { $0 == .stream(0, .completed) }
    #expect(completions == 1)
  }
}
