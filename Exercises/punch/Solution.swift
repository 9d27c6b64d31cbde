import TransportAddress

func punch(
  alice: TransportAddress, bob: TransportAddress,
  aliceSends: (_ destination: TransportAddress) -> TransportAddress?,
  bobSends: (_ destination: TransportAddress) -> TransportAddress?
) -> (alice: TransportAddress, bob: TransportAddress)? {
  var (toAlice, toBob) = (alice, bob)
  var (aliceHears, bobHears) = (false, false)
  for _ in 1...3 {
    if let source = aliceSends(toBob) {
      toAlice = source
      bobHears = true
    }
    if let source = bobSends(toAlice) {
      toBob = source
      aliceHears = true
    }
  }
  return aliceHears && bobHears ? (toAlice, toBob) : nil
}
