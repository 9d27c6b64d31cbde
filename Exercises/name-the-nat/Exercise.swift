import TransportAddress

/// Finds out how a NAT behaves by sending through it, as RFC 5780 does with a
/// helpful server.
///
/// You have a host at 10.0.0.2 behind the NAT, and servers at 203.0.113.9 and
/// 192.0.2.9 that send whatever you like from whichever of their ports. Nothing
/// expires while you work. You will need:
///
///     // The outside endpoint.
///     let seen = send("10.0.0.2:4000", "203.0.113.9:3478")
///     // A stranger gets in.
///     if receive("192.0.2.9:3478", seen) {}
///     // Mapping, then filtering.
///     return (.addressDependent, .addressAndPortDependent)
///
/// - Parameters:
///   - send: sends a packet from an inside endpoint to a remote one, and gives
///     the outside endpoint that the remote saw.
///   - receive: sends a packet from a remote endpoint to an outside one, and
///     says whether it got in.
/// - Returns: the NAT's mapping behavior and its filtering behavior.
func nameTheNAT(
  send: (
    _ source: TransportAddress, _ destination: TransportAddress
  ) -> TransportAddress,
  receive: (_ source: TransportAddress, _ destination: TransportAddress) -> Bool
) -> (mapping: EndpointDependence, filtering: EndpointDependence) {
  // Your code here.
  return (.endpointIndependent, .endpointIndependent)
}
