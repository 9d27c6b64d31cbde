import ICE
import Testing
import TransportAddress

/// Two agents behind their NATs, each with a relay.
let alice = LocalCandidates([
  .host("10.0.0.2:5000"),
  .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000", server: "198.51.100.1:3478"),
  .relayed("198.51.100.1:49152", mapped: "203.0.113.7:40000", server: "198.51.100.1:3478"),
]).candidates
let bob = LocalCandidates([
  .host("192.168.1.5:6000"),
  .serverReflexive("203.0.113.9:41000", base: "192.168.1.5:6000", server: "198.51.100.1:3478"),
  .relayed("198.51.100.1:49153", mapped: "203.0.113.9:41000", server: "198.51.100.1:3478"),
]).candidates

@Suite struct ChecklistTests {
  @Test("Every local candidate is paired with every remote one that fits")
  func forms() {
    #expect(Checklist.form(local: alice, remote: bob, role: .controlling).count == 9)
    #expect(Checklist.form(local: alice, remote: [], role: .controlling).isEmpty)
  }

  @Test(
    "Only the same component, transport and IP version go together",
    arguments: [
      (Candidate.host("10.0.0.2:1"), Candidate.host("10.0.0.3:1"), true),
      (.host("10.0.0.2:1"), .host("10.0.0.3:1", component: 2), false),
      (.host("10.0.0.2:1"), .host("10.0.0.3:1", transport: .tcp), false),
      (.host("10.0.0.2:1"), .host("[2001:db8::1]:1"), false),
      (.host("[2001:db8::2]:1"), .host("[2001:db8::1]:1"), true),
      (.host("[fe80::2]:1"), .host("[fe80::1]:1"), true),
      (.host("[fe80::2]:1"), .host("[2001:db8::1]:1"), false),
      (.host("[2001:db8::2]:1"), .host("[fe80::1]:1"), false),
      (.host("169.254.0.2:1"), .host("10.0.0.3:1"), true),
    ])
  func fits(local: Candidate, remote: Candidate, fits: Bool) {
    let pairs = Checklist.form(local: [local], remote: [remote], role: .controlling)
    #expect(pairs.count == (fits ? 1 : 0))
  }

  @Test("Both agents put the same paths into the same order")
  func sameOrder() {
    let here = Checklist.sort(
      Checklist.form(local: alice, remote: bob, role: .controlling), role: .controlling)
    let there = Checklist.sort(
      Checklist.form(local: bob, remote: alice, role: .controlled), role: .controlled)
    #expect(here.map(\.priority) == there.map(\.priority))
    #expect(
      here.map { [$0.local.address, $0.remote.address] }
        == there.map { [$0.remote.address, $0.local.address] })
  }

  @Test("Both agents agree even where priorities are equal")
  func ties() {
    let local = (1...5).map { Candidate.host(TransportAddress("10.0.0.2", port: $0)) }
    let remote = (1...5).map { Candidate.host(TransportAddress("10.0.0.3", port: $0)) }
    let here = Checklist(local: local, remote: remote, role: .controlled)
    let there = Checklist(local: remote.reversed(), remote: local.reversed(), role: .controlling)
    #expect(
      here.pairs.map { [$0.local.address, $0.remote.address] }
        == there.pairs.map { [$0.remote.address, $0.local.address] })
  }

  @Test("Pruning leaves one pair for each base and remote candidate, the best")
  func prunes() {
    let sorted = Checklist.sort(
      Checklist.form(local: alice, remote: bob, role: .controlling), role: .controlling)
    let pruned = Checklist.prune(sorted)
    // Three pairs began at the server-reflexive candidate; their base is the host candidate's.
    #expect(pruned.count == 6)
    #expect(Set(pruned.map(\.local.address)) == ["10.0.0.2:5000", "198.51.100.1:49152"])
    #expect(pruned.map(\.priority) == pruned.map(\.priority).sorted(by: >))
    for remote in bob {
      let direct = pruned.first { $0.remote == remote && $0.local.base == "10.0.0.2:5000" }
      let best = sorted.first { $0.remote == remote && $0.local.base == "10.0.0.2:5000" }
      #expect(direct?.priority == best?.priority)
    }
  }

  @Test("Without the host candidate a reflexive pair stays and is sent from the base")
  func hiddenHost() {
    let list = Checklist(local: [alice[1]], remote: bob, role: .controlling)
    #expect(list.pairs.count == 3)
    #expect(list.pairs.allSatisfy { $0.local.address == "10.0.0.2:5000" })
  }

  @Test("An address that the peer names twice is checked once")
  func duplicateRemote() {
    var twin = bob[0]
    twin.priority -= 1
    let list = Checklist(local: [alice[0]], remote: [twin, bob[0]], role: .controlling)
    #expect(list.pairs.map(\.remote) == [bob[0]])
  }

  @Test("An inserted pair takes the place of its priority, at every priority")
  func inserts() {
    for priority in [1, 16_777_214, 1_694_498_814, 1_862_270_975, 2_130_706_431] as [UInt32] {
      var list = Checklist(local: alice, remote: bob, role: .controlling)
      var found = Candidate.peerReflexive("203.0.113.9:50000", base: "203.0.113.9:50000")
      found.priority = priority
      let isNew = list.insert(CandidatePair(local: alice[0], remote: found, role: .controlling))
      #expect(isNew)
      #expect(list.pairs.count == 7)
      #expect(list.pairs.map(\.priority) == list.pairs.map(\.priority).sorted(by: >))
    }
  }

  @Test("A redundant pair is not inserted")
  func insertsOnce() {
    var list = Checklist(local: alice, remote: bob, role: .controlling)
    let isNew = list.insert(CandidatePair(local: alice[1], remote: bob[0], role: .controlling))
    #expect(!isNew)
    #expect(list.pairs.count == 6)
  }

  @Test("After both agents switch roles they still agree, and a second switch restores the list")
  func switchesRole() {
    var here = Checklist(local: alice, remote: bob, role: .controlling)
    let before = here.pairs
    here.switchRole()
    #expect(here.role == .controlled)
    #expect(
      here.pairs.map(\.priority)
        == Checklist(local: alice, remote: bob, role: .controlled).pairs.map(\.priority))
    here.switchRole()
    #expect(here.pairs == before)
  }

  @Test("A checklist prints as a table")
  func table() {
    let list = Checklist(local: [alice[0]], remote: [bob[0], bob[1]], role: .controlling)
    #expect(
      list.description == """
        state   foundation  local               remote                   priority
        Frozen  1:1         10.0.0.2:5000 host  192.168.1.5:6000 host    9151314442783293438
        Frozen  1:2         10.0.0.2:5000 host  203.0.113.9:41000 srflx  7277816997797167103
        """)
  }
}
