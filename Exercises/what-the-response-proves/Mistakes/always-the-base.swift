// Fails: The valid pair has the address that the peer has seen
// You take the base. The peer cannot send to it: what it answers goes to what it has seen, and that
// is the mapped address.
import ICE
import TransportAddress

func validAddress(
  of pair: CandidatePair, responseFrom source: TransportAddress, to local: TransportAddress,
  mapped: TransportAddress
) -> TransportAddress? {
  guard source == pair.remote.address, local == pair.base else { return nil }
  return pair.base
}
