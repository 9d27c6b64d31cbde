// Fails: Where only one of them can hear the other, the answer is nil
// One packet that arrives is taken for a call. It shows one direction; in the other the packets may
// all be dropped. Wait until one has arrived each way.
import TransportAddress

func punch(
  alice: TransportAddress, bob: TransportAddress,
  aliceSends: (_ destination: TransportAddress) -> TransportAddress?,
  bobSends: (_ destination: TransportAddress) -> TransportAddress?
) -> (alice: TransportAddress, bob: TransportAddress)? {
  var (toAlice, toBob) = (alice, bob)
  var hasArrived = false
  for _ in 1...3 {
    if let source = aliceSends(toBob) {
      toAlice = source
      hasArrived = true
    }
    if let source = bobSends(toAlice) {
      toBob = source
      hasArrived = true
    }
  }
  return hasArrived ? (toAlice, toBob) : nil
}
