import ICE
import Testing
import TransportAddress

/// Candidates that come one at a time (RFC 8838 §10 to §12).
@Suite struct TrickleTests {
  private enum Arrival {
    case local(Candidate)
    case remote(Candidate)
  }

  /// All orders of some items.
  private func permutations<Item>(_ items: [Item]) -> [[Item]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let item = rest.remove(at: index)
      return permutations(rest).map { [item] + $0 }
    }
  }

  @Test("In whatever order candidates come, the pairs and their order are those of all at once")
  func everyOrder() throws {
    let arrivals = alice.map { Arrival.local($0) } + bob.map { Arrival.remote($0) }
    for role in AgentRole.allCases {
      let whole = try checklistSet(alice, bob, role: role)
      for order in permutations(arrivals) {
        var set = try checklistSet([], [], role: role)
        for arrival in order {
          switch arrival {
          case .local(let candidate): try set.add(local: candidate, to: 0)
          case .remote(let candidate): try set.add(remote: candidate, to: 0)
          }
        }
        let pairs = set.checklists[0].pairs
        #expect(pairs.map(\.path) == whole.checklists[0].pairs.map(\.path))
        #expect(pairs.map(\.priority) == whole.checklists[0].pairs.map(\.priority))
        // Each foundation has a pair that waits, so none is forgotten.
        let waiting = Set(pairs.filter { $0.state == .waiting }.map(\.foundation))
        #expect(waiting == Set(pairs.map(\.foundation)))
      }
    }
  }

  @Test("A change tells which pairs came and went, and no identity comes twice")
  func changes() throws {
    for order in permutations(alice) {
      var set = try checklistSet([], bob)
      var known: Set<PairID> = []
      var everSeen: Set<PairID> = []
      for candidate in order {
        let before = Set(set.ids())
        let change = try set.add(local: candidate, to: 0)
        #expect(before == known)
        #expect(everSeen.isDisjoint(with: change.added))
        everSeen.formUnion(change.added)
        known.formUnion(change.added)
        known.subtract(change.removed)
        #expect(Set(set.ids()) == known)
        #expect(change.added == set.ids().filter { change.added.contains($0) })
        #expect(change.removed.allSatisfy { set[$0] == nil })
      }
      // The host candidate's pairs took the place of the server-reflexive one's, if these came first.
      #expect(known.count == 6)
    }
  }

  @Test("Only new pairs get a state: those that are there keep theirs, whatever it is")
  func oldStatesStay() throws {
    for state in CandidatePair.State.allCases where state != .frozen {
      var set = try checklistSet([alice[2]], [bob[2]])
      let id = set.ids()[0]
      if state != .waiting { try set.check(id, state) }
      for candidate in alice { try set.add(local: candidate, to: 0) }
      for candidate in bob { try set.add(remote: candidate, to: 0) }
      #expect(set[id]?.state == state)
      #expect(set[id]?.remote == bob[2])
    }
  }

  /// The columns of RFC 8838 §12: what is new of foundation `f5`, and the third row of `f3`.
  @Test("A new pair waits if it is the first of its foundation, or if one has succeeded")
  func rules() throws {
    func candidate(_ foundation: CandidateFoundation, _ port: UInt16) -> Candidate {
      host(TransportAddress("10.0.0.2", port: port), foundation: foundation)
    }
    func added(
      _ foundation: CandidateFoundation, to list: Int, _ set: inout ChecklistSet
    ) throws -> PairID {
      let change = try set.add(local: candidate(foundation, 50 + UInt16(list)), to: list)
      return try #require(change.added.first)
    }
    let peer = host("10.0.0.3:1", foundation: "r")
    func stream(_ foundations: [CandidateFoundation]) -> ChecklistSet.Stream {
      let local = foundations.enumerated().map { candidate($1, UInt16($0) + 1) }
      return ChecklistSet.Stream(local: local, remote: [peer])
    }
    var set = try ChecklistSet(
      role: .controlling,
      streams: [
        stream(["f1", "f2", "f3"]), stream(["f1", "f2", "f3", "f4"]), stream(["f1"]),
        stream(["f1"]),
      ])
    // Rule 1: the topmost of its column.
    let first = try added("f5", to: 0, &set)
    #expect(set[first]?.state == .waiting)
    // Rule 3: another one waits, and none has succeeded.
    let third = try added("f3", to: 2, &set)
    #expect(set[third]?.state == .frozen)
    // Rule 2: one has succeeded.
    try set.check(first, .succeeded)
    let second = try added("f5", to: 1, &set)
    #expect(set[second]?.state == .waiting)
  }

  @Test("A better redundant pair comes in only where no check has been sent")
  func inFlight() throws {
    for state in CandidatePair.State.allCases where state != .frozen {
      var set = try checklistSet([alice[1]], [bob[0]])
      let old = set.ids()[0]
      if state != .waiting { try set.check(old, state) }
      let change = try set.add(local: alice[0], to: 0)
      if state == .waiting {
        #expect(change.removed == [old])
        #expect(set.ids() == change.added)
        #expect(set[change.added[0]]?.local == alice[0])
      } else {
        #expect(change.isEmpty && change.ignored == nil)
        #expect(set.ids() == [old])
      }
    }
  }

  @Test("A candidate that is there already is ignored")
  func duplicates() throws {
    var set = try checklistSet(alice, bob)
    let before = set.ids()
    for candidate in alice {
      let change = try set.add(local: candidate, to: 0)
      #expect(change.ignored == .duplicate)
    }
    for candidate in bob {
      var twin = candidate
      twin.priority -= 1
      twin.foundation = "twin"
      let change = try set.add(remote: twin, to: 0)
      #expect(change.ignored == .duplicate)
    }
    #expect(set.ids() == before)
    #expect(set.checklists[0].remote == bob)
  }

  @Test("At the limit a Failed pair makes room, then the lowest that no check was sent for")
  func makesRoom() throws {
    var set = try checklistSet([host("10.0.0.2:1")], [], limit: 3)
    func peer(_ port: UInt16, _ preference: UInt16) -> Candidate {
      host(
        TransportAddress("10.0.0.3", port: port), foundation: CandidateFoundation(number: 1),
        localPreference: preference)
    }
    for port in 1...3 as ClosedRange<UInt16> {
      try set.add(remote: peer(port, 10 * port), to: 0)
    }
    let (best, middle, lowest) = (set.ids()[0], set.ids()[1], set.ids()[2])
    // Remote candidates are bounded too, so room for one more comes from a larger set.
    #expect(try set.add(remote: peer(4, 5), to: 0).ignored == .tooMany)
    // Lower than all others: the new pair itself is the one that goes.
    var local = try set.add(local: host("10.0.0.4:1", localPreference: 1), to: 0)
    #expect(local.isEmpty && local.ignored == nil)
    try set.check(best, .failed)
    local = try set.add(local: host("10.0.0.5:1", localPreference: 15), to: 0)
    #expect(local.removed == [best, lowest])
    #expect(set[best] == nil)
    #expect(set[middle] != nil)
    #expect(set.count == 3)
  }

  @Test("Pairs whose checks are under way or have succeeded never make room")
  func keepsChecked() throws {
    var set = try checklistSet([host("10.0.0.2:1")], [host("10.0.0.3:1")], limit: 2)
    try set.check(set.ids()[0], .inProgress)
    var other = host("10.0.0.3:2", foundation: "2")
    other.priority = 1
    try set.add(remote: other, to: 0)
    let lowest = set.ids()[1]
    try set.check(lowest, .succeeded)
    let before = set.ids()
    let change = try set.add(local: host("10.0.0.9:1", localPreference: .max), to: 0)
    #expect(change.isEmpty && change.ignored == nil)
    #expect(set.ids() == before)
    let triggered = try set.add(
      pairOf: host("10.0.0.9:1"), and: host("10.0.0.3:9"), to: 0)
    #expect(triggered.ignored == .tooMany)
  }

  @Test("A stream that comes late gets pairs, though another one has filled the set")
  func lateStream() throws {
    let remote = (1...10).map { host(TransportAddress("10.0.0.3", port: $0)) }
    var set = try checklistSet([host("10.0.0.2:1")], remote, limit: 10)
    let change = set.add(.init(local: [host("10.0.0.2:2")], remote: remote))
    #expect(set.checklists.map(\.order.count) == [5, 5])
    #expect(change.removed.count == 5)
    #expect(change.added == set.ids(1))
    #expect(change.added.allSatisfy { $0.checklist == 1 })
  }

  // MARK: Pairs that checks bring

  @Test("The pair of an incoming check waits where its priority puts it, at every priority")
  func triggered() throws {
    for priority in [1, 16_777_214, 1_694_498_814, 1_862_270_975, 2_130_706_431] as [UInt32] {
      var set = try checklistSet(alice, bob)
      let found = Candidate(
        remote: .peerReflexive, "203.0.113.9:50000", foundation: "p", priority: priority)
      let change = try set.add(pairOf: alice[0], and: found, to: 0)
      let id = try #require(change.added.first)
      #expect(set[id]?.state == .waiting)
      #expect(set.count == 7)
      let priorities = set.checklists[0].pairs.map(\.priority)
      #expect(priorities == priorities.sorted(by: >))
      // It is paired with no other local candidate, but known.
      #expect(set.checklists[0].pairs.count { $0.remote == found } == 1)
      #expect(set.checklists[0].remote.last == found)
    }
  }

  @Test("The pair of an incoming check that is there is found, by its base")
  func triggeredTwice() throws {
    var set = try checklistSet(alice, bob)
    let change = try set.add(pairOf: alice[1], and: bob[0], to: 0)
    #expect(change.ignored == .duplicate)
    #expect(set.count == 6)
    let pair = CandidatePair(local: alice[1], remote: bob[0], role: .controlling)
    let id = try #require(set.checklists[0].id(ofPairRedundantWith: pair))
    #expect(set[id]?.local == alice[0])
  }

  @Test("The pair of an incoming check takes the place of another one, however low it is")
  func triggeredAtLimit() throws {
    var set = try checklistSet(alice, bob, limit: 6)
    let lowest = try #require(set.ids().last)
    let found = Candidate(
      remote: .peerReflexive, "203.0.113.9:50000", foundation: "p", priority: 1)
    let change = try set.add(pairOf: alice[0], and: found, to: 0)
    #expect(change.removed == [lowest])
    #expect(set.ids().last == change.added.first)
  }

  @Test("Candidates that do not fit are no pair of a check")
  func triggeredMisfit() throws {
    var set = try checklistSet(alice, bob)
    let remote = host("[2001:db8::1]:1")
    #expect(throws: ChecklistError.cannotPair(local: alice[0], remote: remote)) {
      try set.add(pairOf: alice[0], and: remote, to: 0)
    }
  }

  @Test("A peer-reflexive candidate that the peer then signals keeps its pair, in a new place")
  func signaledLater() throws {
    let between = Candidate(remote: .host, "192.0.2.1:1", foundation: "b", priority: 1_800_000_000)
    var set = try checklistSet(alice, [between])
    let found = Candidate(
      remote: .peerReflexive, bob[1].address, foundation: "p", priority: 1_862_270_975)
    let id = try #require(try set.add(pairOf: alice[0], and: found, to: 0).added.first)
    try set.check(id, .inProgress)
    #expect(set.ids().first == id)
    let change = try set.add(remote: bob[1], to: 0)
    #expect(set.ids()[1] == id)
    #expect(set[id]?.remote == bob[1])
    #expect(set[id]?.state == .inProgress)
    #expect(set.checklists[0].remote == [between, bob[1]])
    // The relayed candidate is paired now, which the check alone did not do.
    #expect(change.added.map { set[$0]?.local } == [alice[2]])
    let whole = try checklistSet(alice, [between, bob[1]])
    #expect(set.checklists[0].pairs.map(\.priority) == whole.checklists[0].pairs.map(\.priority))
  }

  @Test("A local peer-reflexive candidate is noted down and paired with none")
  func localPeerReflexive() throws {
    // Its priority is higher than that of the server-reflexive candidate with the same base.
    var set = try checklistSet([alice[1]], bob)
    let before = set.ids()
    let found = Candidate(
      .peerReflexive("203.0.113.7:50000", base: "10.0.0.2:5000"), foundation: "4")
    let change = try set.add(local: found, to: 0)
    #expect(change.isEmpty && change.ignored == nil)
    #expect(set.checklists[0].local.last == found)
    #expect(set.ids() == before)
    let late = try set.add(remote: host("192.0.2.1:1"), to: 0)
    #expect(late.added.map { set[$0]?.local } == [alice[1]])
  }

  @Test("TCP and UDP between the same addresses are two pairs, each removed by itself")
  func transports() throws {
    let local = [host("10.0.0.2:1", transport: .tcp), host("10.0.0.2:1")]
    let remote = [host("10.0.0.3:1"), host("10.0.0.3:1", transport: .tcp)]
    var set = try checklistSet(local, remote, limit: 2)
    let (tcp, udp) = (set.ids()[0], set.ids()[1])
    #expect(set[tcp]?.local.transport == .tcp && set[udp]?.local.transport == .udp)
    #expect(set[tcp]?.priority == set[udp]?.priority)
    set.unfreeze(try #require(set[udp]).foundation)
    try set.check(udp, .failed)
    let change = try set.add(local: host("10.0.0.9:1"), to: 0)
    #expect(change.removed == [udp])
    #expect(set.ids().contains(tcp))
    #expect(set.checklists[0].pairs.count == 2)
  }
}
