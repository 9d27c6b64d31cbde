// Fails: One outside endpoint for everyone is endpoint-independent mapping
// Whether the NAT keeps the port says nothing about its mapping: one that keeps it may still map
// each remote apart, and one that never keeps it may map them all alike. Compare what two remotes
// see.
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
  let port = send("10.0.0.2:4002", "203.0.113.9:3478").port
  return (port == 4002 ? .endpointIndependent : .addressAndPortDependent, filtering)
}
