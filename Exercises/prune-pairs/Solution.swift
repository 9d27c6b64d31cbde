import ICE

func pruned(_ pairs: [CandidatePair]) -> [CandidatePair] {
  var kept: [CandidatePair] = []
  for pair in pairs {
    let isThere = kept.contains { other in
      other.local.base == pair.local.base && other.remote.address == pair.remote.address
    }
    if !isThere { kept.append(pair) }
  }
  return kept
}
