import ICE
import Testing

@testable import Answer

@Suite struct PairPriorityChecks {
  @Test("The lower priority stands in the upper 32 bits")
  func lower() {
    #expect(
      pairPriority(local: 1, remote: 3, role: .controlling) >> 32 == 1,
      "A path is as good as its worse end, so min(G, D) is multiplied by 2^32")
    #expect(
      pairPriority(local: 3, remote: 1, role: .controlling) >> 32 == 1,
      "It is the lower of the two that counts first, whichever side it comes from")
  }

  @Test("Twice the higher priority stands below it")
  func higher() {
    #expect(
      pairPriority(local: 1, remote: 3, role: .controlling) & 0xFFFF_FFFE == 6,
      "2 times max(G, D) is added, which leaves the last bit free")
  }

  @Test("The last bit is set if the controlling agent's candidate has the higher priority")
  func tieBreak() {
    #expect(
      pairPriority(local: 3, remote: 1, role: .controlling) & 1 == 1,
      "You control and your candidate is the higher one: G > D, so 1 is added")
    #expect(
      pairPriority(local: 1, remote: 3, role: .controlling) & 1 == 0,
      "You control and your candidate is the lower one: G > D is false, so nothing is added")
  }

  @Test("Equal priorities leave the last bit clear")
  func equal() {
    for role in AgentRole.allCases {
      #expect(
        pairPriority(local: 7, remote: 7, role: role) & 1 == 0, "G > D, not G >= D")
    }
  }

  @Test("To a controlled agent the peer's candidate is G")
  func controlled() {
    #expect(
      pairPriority(local: 1, remote: 3, role: .controlled) & 1 == 1,
      "The peer controls, and its candidate is the higher one: G > D, so 1 is added")
    #expect(
      pairPriority(local: 3, remote: 1, role: .controlled) & 1 == 0,
      "The peer controls, and its candidate is the lower one")
  }

  @Test("Both agents compute the same number")
  func symmetry() {
    for mine in 0..<20 as Range<UInt32> {
      for theirs in 0..<20 as Range<UInt32> {
        let here = pairPriority(local: mine, remote: theirs, role: .controlling)
        let there = pairPriority(local: theirs, remote: mine, role: .controlled)
        guard here == there else {
          #expect(
            here == there,
            "With priorities \(mine) and \(theirs) the agents disagree about the same pair")
          return
        }
      }
    }
  }

  @Test("Priorities as they really are fit")
  func real() {
    #expect(
      pairPriority(local: 2_130_706_431, remote: 1_694_498_815, role: .controlling)
        == 7_277_816_997_797_167_103, "A host candidate with a server-reflexive one")
    #expect(
      pairPriority(local: 16_777_215, remote: 16_777_215, role: .controlled)
        == 72_057_589_776_515_070, "Two relayed candidates")
  }
}
