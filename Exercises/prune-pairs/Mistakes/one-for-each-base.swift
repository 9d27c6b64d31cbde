// Fails: Pairs that differ in their remote candidates are all kept
// One pair is kept for each base. From one base packets can go to many addresses, and each is a path
// of its own: the remote addresses must be the same, too.
import ICE

func pruned(_ pairs: [CandidatePair]) -> [CandidatePair] {
  var kept: [CandidatePair] = []
  for pair in pairs {
    let isThere = kept.contains { $0.local.base == pair.local.base }
    if !isThere { kept.append(pair) }
  }
  return kept
}
