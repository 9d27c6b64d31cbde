// Fails: One outside endpoint for each address is address-dependent mapping
// Two ports of one server cannot tell a NAT that maps by address from one that maps everyone alike.
// It takes a second address.
import TransportAddress

func nameTheNAT(
  send: (_ source: TransportAddress, _ destination: TransportAddress) -> TransportAddress,
  receive: (_ source: TransportAddress, _ destination: TransportAddress) -> Bool
) -> (mapping: EndpointDependence, filtering: EndpointDependence) {
  let seen = send("10.0.0.2:4000", "203.0.113.9:3478")
  var filtering = EndpointDependence.addressAndPortDependent
  if receive("192.0.2.9:3479", seen) {
    filtering = .endpointIndependent
  } else if receive("203.0.113.9:3479", seen) {
    filtering = .addressDependent
  }
  let first = send("10.0.0.2:4002", "203.0.113.9:3478")
  let second = send("10.0.0.2:4002", "203.0.113.9:3479")
  return (first == second ? .endpointIndependent : .addressAndPortDependent, filtering)
}
