// Fails: Where neither keeps its port, one must let everybody in, and neither look at ports
// Where neither box keeps its port, you give up. If one of them lets everybody in, the first packet
// arrives there all the same, and may be answered to where it came from.
import TransportAddress

func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  switch (alice.mapping == .endpointIndependent, bob.mapping == .endpointIndependent) {
  case (true, true): return true
  case (true, false): return alice.filtering != .addressAndPortDependent
  case (false, true): return bob.filtering != .addressAndPortDependent
  case (false, false): return false
  }
}
