import TransportAddress

/// Makes Alice and Bob hear each other through their boxes, if that can be
/// done.
///
/// Both have asked a server. You decide who sends next, and where to. You will
/// need:
///
///     _ = aliceSends(bob)                  // she sends to an endpoint
///     if let source = bobSends(alice) {}   // his packet came from `source`
///     var (toAlice, toBob) = (alice, bob)  // where to send the next ones
///
/// - Parameters:
///   - alice: Alice's endpoint, as the server saw it.
///   - bob: Bob's endpoint, as the server saw it.
///   - aliceSends: sends a packet of Alice's. It gives the endpoint that Bob
///     saw it come from, or nil if a box has dropped it.
///   - bobSends: the same for a packet of Bob's.
/// - Returns: the endpoints at which Bob now reaches Alice, and Alice reaches
///   Bob; nil if the boxes do not let them hear each other.
func punch(
  alice: TransportAddress, bob: TransportAddress,
  aliceSends: (_ destination: TransportAddress) -> TransportAddress?,
  bobSends: (_ destination: TransportAddress) -> TransportAddress?
) -> (alice: TransportAddress, bob: TransportAddress)? {
  // Your code here.
  return nil
}
