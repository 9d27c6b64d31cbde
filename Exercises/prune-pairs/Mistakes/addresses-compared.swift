// Fails: Of two pairs with the same base and remote candidate one is left
// The local candidates' addresses are compared, and those differ always. Nothing is sent from a
// server-reflexive address: compare the bases.
import ICE

func pruned(_ pairs: [CandidatePair]) -> [CandidatePair] {
  var kept: [CandidatePair] = []
  for pair in pairs {
    let isThere = kept.contains { other in
      other.local.address == pair.local.address && other.remote.address == pair.remote.address
    }
    if !isThere { kept.append(pair) }
  }
  return kept
}
