import ICE
import Testing
import TransportAddress

@Suite struct ChecklistTests {
  @Test("Every local candidate is paired with every remote one that fits")
  func forms() {
    #expect(Checklist.form(local: alice, remote: bob, role: .controlling).count == 9)
    #expect(Checklist.form(local: alice, remote: [], role: .controlling).isEmpty)
  }

  @Test(
    "Only the same component, transport and IP version go together",
    arguments: [
      (host("10.0.0.2:1"), host("10.0.0.3:1"), true),
      (host("10.0.0.2:1"), host("10.0.0.3:1", component: 2), false),
      (host("10.0.0.2:1"), host("10.0.0.3:1", transport: .tcp), false),
      (host("10.0.0.2:1"), host("[2001:db8::1]:1"), false),
      (host("[2001:db8::2]:1"), host("[2001:db8::1]:1"), true),
      (host("[fe80::2]:1"), host("[fe80::1]:1"), true),
      (host("[fe80::2]:1"), host("[2001:db8::1]:1"), false),
      (host("[2001:db8::2]:1"), host("[fe80::1]:1"), false),
      (host("169.254.0.2:1"), host("10.0.0.3:1"), true),
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
  func ties() throws {
    let local = (1...5).map { host(TransportAddress("10.0.0.2", port: $0)) }
    let remote = (1...5).map { host(TransportAddress("10.0.0.3", port: $0)) }
    let here = try checklistSet(local, remote, role: .controlled)
    let there = try checklistSet(remote.reversed(), local.reversed(), role: .controlling)
    #expect(
      here.checklists[0].pairs.map { [$0.local.address, $0.remote.address] }
        == there.checklists[0].pairs.map { [$0.remote.address, $0.local.address] })
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
    let pairs = Checklist.prune(
      Checklist.form(local: [alice[1]], remote: bob, role: .controlling))
    #expect(pairs.count == 3)
    #expect(pairs.allSatisfy { $0.local == alice[1] && $0.base == "10.0.0.2:5000" })
  }

  @Test("An address that the peer names twice is checked once, in either order")
  func duplicateRemote() throws {
    var twin = bob[0]
    twin.priority -= 1
    for remote in [[twin, bob[0]], [bob[0], twin]] {
      let set = try checklistSet([alice[0]], remote)
      #expect(set.checklists[0].pairs.map(\.remote) == [bob[0]])
    }
  }

  @Test("A checklist prints as a table")
  func table() throws {
    let set = try checklistSet([alice[0]], [bob[0], bob[1]])
    #expect(
      set.checklists[0].description == """
        state    foundation  local               remote                   priority
        Waiting  1:1         10.0.0.2:5000 host  192.168.1.5:6000 host    9151314442783293438
        Waiting  1:2         10.0.0.2:5000 host  203.0.113.9:41000 srflx  7277816997797167103
        """)
  }
}
