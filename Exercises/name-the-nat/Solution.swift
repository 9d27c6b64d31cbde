import TransportAddress

func nameTheNAT(
  send: (
    _ source: TransportAddress, _ destination: TransportAddress
  ) -> TransportAddress,
  receive: (_ source: TransportAddress, _ destination: TransportAddress) -> Bool
) -> (mapping: EndpointDependence, filtering: EndpointDependence) {
  // First the filter, with a host port of its own: every later packet would open it further.
  let seen = send("10.0.0.2:4000", "203.0.113.9:3478")
  var filtering = EndpointDependence.addressAndPortDependent
  if receive("192.0.2.9:3479", seen) {
    filtering = .endpointIndependent
  } else if receive("203.0.113.9:3479", seen) {
    filtering = .addressDependent
  }

  let first = send("10.0.0.2:4002", "203.0.113.9:3478")
  let otherPort = send("10.0.0.2:4002", "203.0.113.9:3479")
  let otherAddress = send("10.0.0.2:4002", "192.0.2.9:3478")
  if first != otherPort { return (.addressAndPortDependent, filtering) }
  return (first == otherAddress ? .endpointIndependent : .addressDependent, filtering)
}
