import ICE
import Testing

@testable import Answer

@Suite struct PrunePairsChecks {
  let alice = LocalCandidates([
    .host("10.0.0.2:5000"),
    .serverReflexive("198.51.100.1:5000", base: "10.0.0.2:5000"),
    .relayed("203.0.113.20:49152", mapped: "198.51.100.1:5000"),
  ]).candidates
  let bob = LocalCandidates([
    .host("10.0.1.2:5000"),
    .serverReflexive("198.51.100.2:5000", base: "10.0.1.2:5000"),
    .relayed("203.0.113.20:49153", mapped: "198.51.100.2:5000"),
  ]).candidates

  /// Pairs of Alice's and Bob's candidates, by their indexes.
  private func pairs(_ indexes: [(Int, Int)]) -> [CandidatePair] {
    indexes.map { CandidatePair(local: alice[$0.0], remote: bob[$0.1], role: .controlling) }
  }

  /// What the answer leaves of pairs, by their types.
  private func left(of pairs: [CandidatePair]) -> [String] {
    pruned(pairs).map { "\($0.local.type.token) → \($0.remote.type.token)" }
  }

  @Test("Pairs that differ in their bases are all kept")
  func otherBase() {
    #expect(
      left(of: pairs([(0, 1), (2, 1)])) == ["host → srflx", "relay → srflx"],
      "One is sent from 10.0.0.2:5000, the other from the relay: those are two paths")
  }

  @Test("Pairs that differ in their remote candidates are all kept")
  func otherRemote() {
    #expect(
      left(of: pairs([(0, 0), (0, 1), (0, 2)])) == ["host → host", "host → srflx", "host → relay"],
      "All three are sent from 10.0.0.2:5000, but to three addresses")
  }

  @Test("Of two pairs with the same base and remote candidate one is left")
  func twice() {
    #expect(
      left(of: pairs([(0, 1), (1, 1)])).count == 1,
      "What is server-reflexive is sent from its base, 10.0.0.2:5000, as what is host")
  }

  @Test("It is the better one that is left")
  func better() {
    #expect(
      left(of: pairs([(0, 1), (1, 1)])) == ["host → srflx"],
      "The pairs come with the best first: the first of the two stays")
  }

  @Test("Of Alice's nine pairs six are left, in their order")
  func all() {
    let all = alice.indices.flatMap { mine in bob.indices.map { (mine, $0) } }
    let sorted = Checklist.sort(pairs(all), role: .controlling)
    #expect(
      left(of: sorted)
        == [
          "host → host", "host → srflx", "host → relay",
          "relay → host", "relay → srflx", "relay → relay",
        ],
      "The three pairs with her server-reflexive candidate send what those of the host send")
  }
}
