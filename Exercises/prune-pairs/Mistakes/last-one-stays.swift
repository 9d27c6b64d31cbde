// Fails: It is the better one that is left
// Of two pairs that send the same packets the later one is kept. The pairs come with the best first,
// so it is the earlier one that must stay.
import ICE

func pruned(_ pairs: [CandidatePair]) -> [CandidatePair] {
  pairs.indices.filter { index in
    !pairs[(index + 1)...].contains { other in
      other.local.base == pairs[index].local.base
        && other.remote.address == pairs[index].remote.address
    }
  }.map { pairs[$0] }
}
