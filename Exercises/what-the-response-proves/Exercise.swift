import ICE
import TransportAddress

/// Finds the address of your own that a response to a check has proven
/// (RFC 8445 §7.2.5.2.1, §7.2.5.3.2).
///
/// The response has the right MESSAGE-INTEGRITY.
///
/// You will need:
///
///     pair.base             // where the check was sent from
///     pair.remote.address   // where it was sent to
///
/// - Parameters:
///   - pair: the pair that was checked.
///   - source: where the response came from.
///   - local: your address that it came to.
///   - mapped: what XOR-MAPPED-ADDRESS says: where the check seemed to come
///     from.
/// - Returns: the address of the local candidate of the valid pair; nil if
///   there is no valid pair.
func validAddress(
  of pair: CandidatePair, responseFrom source: TransportAddress,
  to local: TransportAddress, mapped: TransportAddress
) -> TransportAddress? {
  // Your code here.
  return nil
}
