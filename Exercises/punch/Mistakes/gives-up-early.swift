// Fails: A symmetric box is met where its packet came from
// You give up when the first packet of the second one is dropped. It has opened its sender's own
// box all the same: let the other send again before you return nil.
import TransportAddress

func punch(
  alice: TransportAddress, bob: TransportAddress,
  aliceSends: (_ destination: TransportAddress) -> TransportAddress?,
  bobSends: (_ destination: TransportAddress) -> TransportAddress?
) -> (alice: TransportAddress, bob: TransportAddress)? {
  _ = aliceSends(bob)
  guard let fromBob = bobSends(alice), let fromAlice = aliceSends(fromBob) else { return nil }
  return (fromAlice, fromBob)
}
