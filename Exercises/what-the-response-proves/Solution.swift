import ICE
import TransportAddress

func validAddress(
  of pair: CandidatePair, responseFrom source: TransportAddress, to local: TransportAddress,
  mapped: TransportAddress
) -> TransportAddress? {
  guard source == pair.remote.address, local == pair.base else { return nil }
  return mapped
}
