// Fails: A response from another address proves nothing
// You take a response from anywhere. It says that the peer has got your check, but the way back that
// it took is not the one that you want to use.
import ICE
import TransportAddress

func validAddress(
  of pair: CandidatePair, responseFrom source: TransportAddress, to local: TransportAddress,
  mapped: TransportAddress
) -> TransportAddress? {
  guard local == pair.base else { return nil }
  return mapped
}
