import ICE
import Testing
import TransportAddress

@Suite struct CandidatePairTests {
  /// The formula again, in arithmetic too wide to overflow.
  private func formula(_ g: UInt32, _ d: UInt32) -> UInt64 {
    let (low, high) = g < d ? (g, d) : (d, g)
    let sum = UInt64(4_294_967_296).multipliedFullWidth(by: UInt64(low))
    return sum.low + UInt64(high) + UInt64(high) + (g > d ? 1 : 0)
  }

  private static let values: [UInt32] = [
    0, 1, 2, 255, 256, 16_777_215, 1_694_498_815, 2_130_706_431, ICEConstants.highestPriority,
  ]

  @Test("The pair priority is 2^32·min + 2·max + (G>D)", arguments: values, values)
  func priority(g: UInt32, d: UInt32) {
    #expect(CandidatePair.priority(controlling: g, controlled: d) == formula(g, d))
  }

  @Test("Two hosts have the pair priority that every implementation logs")
  func wellKnown() {
    #expect(
      CandidatePair.priority(controlling: 2_130_706_431, controlled: 2_130_706_431)
        == 9_151_314_442_783_293_438)
    #expect(
      CandidatePair.priority(controlling: 2_130_706_431, controlled: 1_694_498_815)
        == 7_277_816_997_797_167_103)
  }

  @Test("Both agents give a pair the same priority, over a small domain")
  func symmetry() {
    for a in 0..<40 as Range<UInt32> {
      for b in 0..<40 as Range<UInt32> {
        var (mine, theirs) = (host("10.0.0.2:5000"), host("10.0.0.3:5000"))
        mine.priority = a
        theirs.priority = b
        for role in AgentRole.allCases {
          let here = CandidatePair(local: mine, remote: theirs, role: role)
          let there = CandidatePair(local: theirs, remote: mine, role: role.opposite)
          #expect(here.priority == there.priority)
        }
      }
    }
  }

  @Test("Exchanging the roles changes the priority in its last bit, if at all")
  func tieBreak() {
    for g in 0..<40 as Range<UInt32> {
      for d in 0..<40 as Range<UInt32> {
        let one = CandidatePair.priority(controlling: g, controlled: d)
        let other = CandidatePair.priority(controlling: d, controlled: g)
        #expect(one ^ other == (g == d ? 0 : 1))
      }
    }
  }

  @Test("The larger minimum wins, then the larger maximum")
  func order() {
    for a in 0..<12 as Range<UInt32> {
      for b in 0..<12 as Range<UInt32> {
        for c in 0..<12 as Range<UInt32> {
          for d in 0..<12 as Range<UInt32> where (min(a, b), max(a, b)) < (min(c, d), max(c, d)) {
            #expect(
              CandidatePair.priority(controlling: a, controlled: b)
                < CandidatePair.priority(controlling: c, controlled: d))
          }
        }
      }
    }
  }

  @Test("Priorities that no honest peer sends overflow nothing")
  func overflow() {
    let highest = CandidatePair.priority(
      controlling: ICEConstants.highestPriority, controlled: ICEConstants.highestPriority)
    #expect(CandidatePair.priority(controlling: .max, controlled: .max) == highest)
    #expect(CandidatePair.priority(controlling: .max, controlled: 0) == 2 * 2_147_483_647 + 1)
  }

  @Test("A pair keeps its local candidate and names the base from which it is sent")
  func base() {
    let gathered: [GatheredCandidate] = [
      .host("10.0.0.2:5000"),
      .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000"),
      .peerReflexive("203.0.113.7:40001", base: "10.0.0.2:5000"),
      .relayed("198.51.100.1:49152", mapped: "203.0.113.7:40002"),
    ]
    for gathered in gathered {
      let local = Candidate(gathered, foundation: "1")
      let pair = CandidatePair(local: local, remote: host("203.0.113.9:6000"), role: .controlled)
      #expect(pair.local == local)
      let isRelayed = gathered.type == .relayed
      #expect(pair.base == (isRelayed ? "198.51.100.1:49152" : "10.0.0.2:5000"))
    }
  }

  @Test("Pairs are redundant if component, transport, base and remote address are equal")
  func redundancy() {
    func pair(_ local: GatheredCandidate, _ remote: Candidate) -> CandidatePair {
      CandidatePair(
        local: Candidate(local, foundation: "1"), remote: remote, role: .controlling)
    }
    let one = pair(.host("10.0.0.2:5000"), host("10.0.0.3:1"))
    let reflexive = GatheredCandidate.serverReflexive("203.0.113.7:1", base: "10.0.0.2:5000")
    #expect(one.isRedundant(with: pair(reflexive, host("10.0.0.3:1", foundation: "2"))))
    #expect(!one.isRedundant(with: pair(.host("10.0.0.2:5001"), host("10.0.0.3:1"))))
    #expect(!one.isRedundant(with: pair(.host("10.0.0.2:5000"), host("10.0.0.3:2"))))
    #expect(!one.isRedundant(with: pair(.host("10.0.0.2:5000", component: 2), host("10.0.0.3:1"))))
    let tcp = pair(.host("10.0.0.2:5000", transport: .tcp), host("10.0.0.3:1"))
    #expect(!one.isRedundant(with: tcp))
  }

  @Test("The state machine leads where the diagram leads, for every two states")
  func transitions() {
    let legal: [CandidatePair.State: Set<CandidatePair.State>] = [
      .frozen: [.waiting], .waiting: [.inProgress],
      .inProgress: [.succeeded, .failed, .waiting], .succeeded: [.inProgress],
      .failed: [.waiting],
    ]
    for from in CandidatePair.State.allCases {
      for to in CandidatePair.State.allCases {
        #expect(from.canTransition(to: to) == legal[from]?.contains(to), "\(from) to \(to)")
      }
    }
  }
}
