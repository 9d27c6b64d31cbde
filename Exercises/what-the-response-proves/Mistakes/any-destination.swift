// Fails: A response to another address of yours proves nothing
// You do not look at where the response came to. If it came in by another of your networks, the path
// does not work both ways.
import ICE
import TransportAddress

func validAddress(
  of pair: CandidatePair, responseFrom source: TransportAddress, to local: TransportAddress,
  mapped: TransportAddress
) -> TransportAddress? {
  guard source == pair.remote.address else { return nil }
  return mapped
}
