// Fails: A symmetric box is met where its packet came from
// All packets go to the endpoints that the server saw. A symmetric box sends from another port, and
// lets answers in there alone: send to where the last packet came from.
import TransportAddress

func punch(
  alice: TransportAddress, bob: TransportAddress,
  aliceSends: (_ destination: TransportAddress) -> TransportAddress?,
  bobSends: (_ destination: TransportAddress) -> TransportAddress?
) -> (alice: TransportAddress, bob: TransportAddress)? {
  var (aliceHears, bobHears) = (false, false)
  for _ in 1...3 {
    if aliceSends(bob) != nil { bobHears = true }
    if bobSends(alice) != nil { aliceHears = true }
  }
  return aliceHears && bobHears ? (alice, bob) : nil
}
