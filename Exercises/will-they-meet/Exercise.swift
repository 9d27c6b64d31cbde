import TransportAddress

/// Says whether Alice and Bob can hear each other by hole punching.
///
/// You will need:
///
///     alice.mapping == .endpointIndependent      // one port for everybody
///     bob.filtering != .addressAndPortDependent  // it does not look at ports
///     [alice.filtering, bob.filtering].contains(.endpointIndependent)
///
/// - Parameters:
///   - alice: how Alice's box behaves.
///   - bob: how Bob's box behaves.
/// - Returns: whether packets get through in both directions.
func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  // Your code here.
  return false
}
