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

  /// A pair of one of Alice's candidates and one of Bob's, by their indexes.
  private func pair(_ mine: Int, _ his: Int) -> CandidatePair {
    CandidatePair(local: alice[mine], remote: bob[his], role: .controlling)
  }

  /// The types of the candidates of pairs.
  private func types(_ pairs: [CandidatePair]) -> [String] {
    pairs.map { "\($0.local.type.token) → \($0.remote.type.token)" }
  }

  @Test("Pairs that differ in their bases are all kept")
  func otherBase() {
    let pairs = [pair(0, 1), pair(2, 1)]
    #expect(
      types(pruned(pairs)) == ["host → srflx", "relay → srflx"],
      "The one is sent from 10.0.0.2:5000, the other from the relay: those are two paths")
  }

  @Test("Pairs that differ in their remote candidates are all kept")
  func otherRemote() {
    let pairs = [pair(0, 0), pair(0, 1), pair(0, 2)]
    #expect(
      types(pruned(pairs)) == ["host → host", "host → srflx", "host → relay"],
      "All three are sent from 10.0.0.2:5000, but to three addresses")
  }

  @Test("Of two pairs with the same base and remote candidate one is left")
  func twice() {
    let pairs = [pair(0, 1), pair(1, 1)]
    #expect(
      pruned(pairs).count == 1,
      "Given: host → srflx, srflx → srflx. Both are sent from 10.0.0.2:5000 to 198.51.100.2:5000")
  }

  @Test("It is the better one that is left")
  func better() {
    let pairs = [pair(0, 1), pair(1, 1)]
    #expect(
      types(pruned(pairs)) == ["host → srflx"],
      "Given: host → srflx, srflx → srflx. The best comes first, so the first of the two stays")
  }

  @Test("Of Alice's nine pairs six are left, in their order")
  func all() {
    let formed = alice.indices.flatMap { mine in bob.indices.map { pair(mine, $0) } }
    let pairs = Checklist.sort(formed, role: .controlling)
    #expect(
      types(pruned(pairs))
        == [
          "host → host", "host → srflx", "host → relay",
          "relay → host", "relay → srflx", "relay → relay",
        ],
      "The three pairs with her server-reflexive candidate send what those of the host send")
  }
}
