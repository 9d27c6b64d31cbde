// Fails: Another port of a known server that gets in shows address-dependent filtering
// The mapping was tested first, from the same port: by then the host had sent to all the remotes,
// and the filter knew them. Ask the filter first, or from another port.
import TransportAddress

func nameTheNAT(
  send: (_ source: TransportAddress, _ destination: TransportAddress) -> TransportAddress,
  receive: (_ source: TransportAddress, _ destination: TransportAddress) -> Bool
) -> (mapping: EndpointDependence, filtering: EndpointDependence) {
  let first = send("10.0.0.2:4000", "203.0.113.9:3478")
  let otherPort = send("10.0.0.2:4000", "203.0.113.9:3479")
  let otherAddress = send("10.0.0.2:4000", "192.0.2.9:3478")
  var mapping = EndpointDependence.addressDependent
  if first != otherPort { mapping = .addressAndPortDependent }
  if first == otherAddress { mapping = .endpointIndependent }

  if receive("192.0.2.9:3478", first) { return (mapping, .endpointIndependent) }
  if receive("203.0.113.9:3479", first) { return (mapping, .addressDependent) }
  return (mapping, .addressAndPortDependent)
}
