import TransportAddress

/// Whether a relay passes on to Alice what has come to her relayed address.
///
/// Each CreatePermission request gives a permission for 300 s: after exactly
/// 300 it is over. All times are in seconds.
///
/// You will need:
///
///     for (peer, time) in requests {}  // every peer that she asked for
///     peer.address == source.address   // the addresses, without the ports
///     requests.contains { (peer, time) in … }
///
/// - Parameters:
///   - source: where the packet has come from.
///   - now: when it has come.
///   - requests: the peers that Alice has asked for, and when, in any order.
func isAdmitted(
  from source: TransportAddress, at now: Int,
  requests: [(peer: TransportAddress, time: Int)]
) -> Bool {
  // Your code here.
  return false
}
