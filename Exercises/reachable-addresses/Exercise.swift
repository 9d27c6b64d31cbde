import TransportAddress

/// Chooses those of a host's addresses to which somebody far away on the
/// Internet can send.
///
/// In these notes documentation addresses stand for global ones: both are of
/// use.
///
/// You will need:
///
///     addresses.filter { address in … }    // those for which … is true
///     address.classification == .global    // what an address is for
///     address.classification == .documentation
///
/// - Parameter addresses: all addresses of a host, of IPv4 and IPv6.
/// - Returns: those of use to a stranger, in the same order.
func reachable(_ addresses: [IPAddress]) -> [IPAddress] {
  // Your code here.
  return addresses
}
