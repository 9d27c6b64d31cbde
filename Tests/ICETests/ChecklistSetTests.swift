import ICE
import Testing
import TransportAddress

@Suite struct ChecklistSetTests {
  /// A stream of hosts with one pair for each foundation and component named.
  private func stream(
    _ pairs: [(foundation: CandidateFoundation, component: ComponentID)], port: UInt16
  ) -> ChecklistSet.Stream {
    // One component each while pairing, so that no two pairs come from one candidate.
    var stream = ChecklistSet.Stream()
    for (index, pair) in pairs.enumerated() {
      let address = TransportAddress("10.0.0.2", port: port + UInt16(index))
      stream.local.append(
        host(address, component: pair.component, foundation: pair.foundation))
    }
    for component in Set(pairs.map(\.component)) {
      stream.remote.append(
        host(TransportAddress("10.0.0.3", port: port), component: component, foundation: "r"))
    }
    return stream
  }

  private func waiting(_ set: ChecklistSet) -> [[String]] {
    set.checklists.map { list in
      list.pairs.filter { $0.state == .waiting }.map { "\($0.local.foundation)" }.sorted()
    }
  }

  /// RFC 8445 §6.1.2.6, table 1.
  @Test("The example of RFC 8445, table 1: each foundation waits once, in its first checklist")
  func table1() throws {
    let set = try ChecklistSet(
      role: .controlling,
      streams: [
        stream([("f1", 1), ("f2", 1), ("f3", 1)], port: 1000),
        stream([("f1", 1), ("f2", 1), ("f3", 1), ("f4", 1)], port: 2000),
        stream([("f1", 1), ("f5", 1)], port: 3000),
      ])
    #expect(waiting(set) == [["f1", "f2", "f3"], ["f4"], ["f5"]])
    let states = Set(set.checklists.flatMap(\.pairs).map(\.state))
    #expect(states == [.waiting, .frozen])
  }

  @Test("Of a foundation's pairs the lowest component waits, then the highest priority")
  func lowestComponent() throws {
    let local = [
      host("10.0.0.2:2", component: 2), host("10.0.0.2:1", localPreference: 1),
      host("10.0.0.2:3", localPreference: 2),
    ]
    let set = try checklistSet(local, [host("10.0.0.3:2", component: 2), host("10.0.0.3:1")])
    let pairs = set.checklists[0].pairs
    // The RTCP pair has the highest priority, and yet component 1 comes first.
    #expect(pairs.first?.local.component == 2)
    let first = try #require(pairs.first { $0.state == .waiting })
    #expect(pairs.count { $0.state == .waiting } == 1)
    #expect(first.local.address == "10.0.0.2:3")
  }

  @Test("A success thaws its foundation in all checklists, and only what is frozen")
  func unfreezes() throws {
    var set = try ChecklistSet(
      role: .controlling,
      streams: [
        stream([("f1", 1), ("f1", 2), ("f2", 1)], port: 1000),
        stream([("f1", 1), ("f3", 1)], port: 2000),
      ])
    let foundation = CandidatePair.Foundation(local: "f1", remote: "r")
    let thawed = set.unfreeze(foundation)
    #expect(thawed.map { set[$0]?.foundation } == [foundation, foundation])
    #expect(waiting(set) == [["f1", "f1", "f2"], ["f1", "f3"]])
    let again = set.unfreeze(foundation)
    let unknown = set.unfreeze(.init(local: "unknown", remote: "r"))
    #expect(again.isEmpty && unknown.isEmpty)
  }

  @Test("Of 900 pairs the best 100 are kept unless configured")
  func limit() throws {
    let local = (1...30).map {
      host(TransportAddress("10.0.0.2", port: $0), localPreference: $0)
    }
    let remote = (1...30).map { host(TransportAddress("10.0.0.3", port: $0)) }
    let full = Checklist.sort(
      Checklist.form(local: local, remote: remote, role: .controlling), role: .controlling)
    let set = try checklistSet(local, remote)
    #expect(full.count == 900)
    #expect(set.checklists[0].pairs.map(\.path) == full.prefix(100).map(\.path))
  }

  @Test(
    "The longest checklist gives the pairs that are too many, so that no stream loses its last",
    arguments: [
      ([60, 60], 100, [50, 50]), ([60, 60, 60], 100, [34, 33, 33]), ([3, 200], 100, [3, 97]),
      ([40, 40], 100, [40, 40]), ([0, 0], 100, [0, 0]), ([5, 5], 1, [1, 0]), ([], 100, []),
    ] as [([Int], Int, [Int])])
  func evenly(counts: [Int], limit: Int, kept: [Int]) throws {
    let streams = counts.enumerated().map { number, count in
      stream(
        (0..<UInt32(count)).map { (CandidateFoundation(number: $0), 1) },
        port: UInt16(number) * 1000)
    }
    let set = try ChecklistSet(role: .controlling, streams: streams, limit: limit)
    #expect(set.checklists.map(\.pairs.count) == kept)
    #expect(set.count == kept.reduce(0, +))
  }

  @Test("A limit that leaves no room is an error", arguments: [0, -1, Int.min])
  func noRoom(limit: Int) {
    #expect(throws: ChecklistError.noRoom(limit: limit)) {
      try ChecklistSet(role: .controlling, streams: [], limit: limit)
    }
  }

  @Test("A checklist that is not there is an error", arguments: [-1, 1, Int.max])
  func noChecklist(index: Int) throws {
    var set = try checklistSet(alice, bob)
    #expect(throws: ChecklistError.noChecklist(index)) {
      try set.add(local: alice[0], to: index)
    }
    #expect(throws: ChecklistError.noChecklist(index)) {
      try set.add(remote: bob[0], to: index)
    }
    #expect(throws: ChecklistError.noChecklist(index)) {
      try set.add(pairOf: alice[0], and: bob[0], to: index)
    }
  }

  @Test("Only a step of the state machine is taken, any other is an error, for every two states")
  func states() throws {
    let ways: [CandidatePair.State: [CandidatePair.State]] = [
      .frozen: [], .waiting: [.waiting], .inProgress: [.waiting, .inProgress],
      .succeeded: [.waiting, .inProgress, .succeeded], .failed: [.waiting, .inProgress, .failed],
    ]
    for from in CandidatePair.State.allCases {
      for to in CandidatePair.State.allCases {
        var set = try ChecklistSet(
          role: .controlling, streams: [stream([("f1", 1), ("f1", 2)], port: 1)])
        // The second component is Frozen at first.
        let id = set.ids()[1]
        for step in ways[from] ?? [] { try set.setState(of: id, to: step) }
        #expect(set[id]?.state == from)
        if from.canTransition(to: to) {
          try set.setState(of: id, to: to)
          #expect(set[id]?.state == to)
        } else {
          #expect(throws: ChecklistError.noTransition(id, from: from, to: to)) {
            try set.setState(of: id, to: to)
          }
          #expect(set[id]?.state == from)
        }
      }
    }
  }

  @Test("After a switch of roles each identity has its pair, and the order is that of the new role")
  func switchesRole() throws {
    var here = try checklistSet(alice, bob, role: .controlling)
    try here.check(here.ids()[0], .succeeded)
    let before = here
    here.switchRole()
    #expect(here.role == .controlled)
    let fresh = try checklistSet(alice, bob, role: .controlled)
    #expect(here.checklists[0].pairs.map(\.priority) == fresh.checklists[0].pairs.map(\.priority))
    #expect(here.checklists[0].pairs.map(\.path) == fresh.checklists[0].pairs.map(\.path))
    for id in before.ids() {
      #expect(here[id]?.path == before[id]?.path)
      #expect(here[id]?.state == before[id]?.state)
    }
    here.switchRole()
    #expect(here.checklists[0].pairs == before.checklists[0].pairs)
    #expect(here.ids() == before.ids())
  }

  @Test("A switch of roles changes the order of mirror images")
  func mirrorImages() throws {
    var set = try checklistSet(
      [host("10.0.0.2:1", localPreference: 1), host("10.0.0.2:2", localPreference: 2)],
      [host("10.0.0.3:1", localPreference: 1), host("10.0.0.3:2", localPreference: 2)])
    let before = set.ids()
    set.switchRole()
    #expect(set.ids() == [before[0], before[2], before[1], before[3]])
  }
}

extension CandidatePair {
  var path: [TransportAddress] { [local.address, remote.address] }
}
