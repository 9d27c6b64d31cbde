// Fails: Two boxes that keep one port for everybody let both be heard
// Each sends once. The first packet is always lost: all it does is open its sender's own box. Once
// the other has sent too, the first must send again.
import TransportAddress

func punch(
  alice: TransportAddress, bob: TransportAddress,
  aliceSends: (_ destination: TransportAddress) -> TransportAddress?,
  bobSends: (_ destination: TransportAddress) -> TransportAddress?
) -> (alice: TransportAddress, bob: TransportAddress)? {
  guard let source = aliceSends(bob) else {
    _ = bobSends(alice)
    return nil
  }
  guard let other = bobSends(source) else { return nil }
  return (source, other)
}
