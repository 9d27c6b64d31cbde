import ICE
import Testing
import TransportAddress

@Suite struct ChecklistSetTests {
  /// A checklist of hosts with one pair for each foundation and component named.
  private func list(_ pairs: [(foundation: String, component: ComponentID)], port: UInt16)
    -> Checklist
  {
    var list = Checklist(local: [], remote: [], role: .controlling)
    for (index, pair) in pairs.enumerated() {
      var local = Candidate.host(
        TransportAddress("10.0.0.2", port: port + UInt16(index)), component: pair.component)
      var remote = Candidate.host(
        TransportAddress("10.0.0.3", port: port + UInt16(index)), component: pair.component)
      local.foundation = pair.foundation
      remote.foundation = "r"
      list.insert(CandidatePair(local: local, remote: remote, role: .controlling))
    }
    return list
  }

  private func waiting(_ list: Checklist) -> [String] {
    list.pairs.filter { $0.state == .waiting }.map(\.local.foundation).sorted()
  }

  /// RFC 8445 §6.1.2.6, table 1.
  @Test("The example of RFC 8445, table 1: each foundation waits once, in its first checklist")
  func table1() {
    let set = ChecklistSet([
      list([("f1", 1), ("f2", 1), ("f3", 1)], port: 1000),
      list([("f1", 1), ("f2", 1), ("f3", 1), ("f4", 1)], port: 2000),
      list([("f1", 1), ("f5", 1)], port: 3000),
    ])
    #expect(set.checklists.map(waiting) == [["f1", "f2", "f3"], ["f4"], ["f5"]])
    let states = Set(set.checklists.flatMap(\.pairs).map(\.state))
    #expect(states == [.waiting, .frozen])
  }

  @Test("Of a foundation's pairs the lowest component waits, then the highest priority")
  func lowestComponent() throws {
    func host(_ address: TransportAddress, _ component: ComponentID, _ preference: UInt16)
      -> Candidate
    {
      .host(address, component: component, localPreference: preference)
    }
    let local = LocalCandidates([
      host("10.0.0.2:2", 2, 65535), host("10.0.0.2:1", 1, 1), host("10.0.0.2:3", 1, 2),
    ]).candidates
    let remote = LocalCandidates([host("10.0.0.3:2", 2, 65535), host("10.0.0.3:1", 1, 65535)])
    let set = ChecklistSet([
      Checklist(local: local, remote: remote.candidates, role: .controlling)
    ])
    let pairs = set.checklists[0].pairs
    // The RTCP pair has the highest priority, and yet component 1 comes first.
    #expect(pairs.first?.local.component == 2)
    let first = try #require(pairs.first { $0.state == .waiting })
    #expect(pairs.count { $0.state == .waiting } == 1)
    #expect(first.local.address == "10.0.0.2:3")
  }

  @Test("A success thaws its foundation in all checklists, and only what is frozen")
  func unfreezes() {
    var set = ChecklistSet([
      list([("f1", 1), ("f1", 2), ("f2", 1)], port: 1000),
      list([("f1", 1), ("f3", 1)], port: 2000),
    ])
    let thawed = set.unfreeze(foundation: "f1:r")
    #expect(thawed == 2)
    #expect(set.checklists.map(waiting) == [["f1", "f1", "f2"], ["f1", "f3"]])
    let again = set.unfreeze(foundation: "f1:r")
    let unknown = set.unfreeze(foundation: "unknown")
    #expect(again == 0 && unknown == 0)
  }

  @Test("At most 100 pairs are kept unless configured, the best of each checklist")
  func limit() {
    let local = (1...30).map {
      Candidate.host(TransportAddress("10.0.0.2", port: $0), localPreference: $0)
    }
    let remote = (1...30).map { Candidate.host(TransportAddress("10.0.0.3", port: $0)) }
    let full = Checklist(local: local, remote: remote, role: .controlling)
    #expect(full.pairs.count == 900)
    let set = ChecklistSet([full])
    #expect(set.checklists[0].pairs.map(\.path) == full.pairs.prefix(100).map(\.path))
  }

  @Test(
    "Pairs are dropped evenly, and a short checklist gives no more than it has",
    arguments: [
      ([60, 60], 100, [50, 50]), ([60, 60, 60], 100, [34, 33, 33]), ([3, 200], 100, [0, 100]),
      ([40, 40], 100, [40, 40]), ([0, 0], 100, [0, 0]), ([5, 5], 0, [1, 0]), ([], 100, []),
    ] as [([Int], Int, [Int])])
  func evenly(counts: [Int], limit: Int, kept: [Int]) {
    let lists = counts.enumerated().map { number, count in
      list((0..<count).map { ("f\($0)", 1) }, port: UInt16(number + 1) * 1000)
    }
    #expect(ChecklistSet(lists, limit: limit).checklists.map(\.pairs.count) == kept)
  }
}

extension CandidatePair {
  fileprivate var path: [TransportAddress] { [local.address, remote.address] }
}
