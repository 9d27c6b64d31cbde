import TransportAddress

/// The peers that a relay's policy lets through, and that lead inside.
///
/// An address leads inside if its class is one of the forbidden ones, or if it
/// carries another address whose class is.
///
/// You will need:
///
///     allows(peer)                             // what the policy says
///     forbidden.contains(peer.classification)  // is its class forbidden?
///     if case .v6(let v6) = peer, let carried = v6.embeddedIPv4 {
///       carried.classification
///     }
///
/// - Parameters:
///   - allows: the policy, which says whether a peer is allowed.
///   - peers: the addresses to try.
///   - forbidden: the classes of addresses that no stranger on the Internet
///     could reach.
/// - Returns: the holes, in the order of `peers`.
func holes(
  in allows: (IPAddress) -> Bool, among peers: [IPAddress],
  forbidden: Set<AddressClass>
) -> [IPAddress] {
  // Your code here.
  return []
}
