// Fails: One that keeps its port meets one that does not, if it does not look at ports
// You look at the filter of the box that changes its port. It is the other box, the one that keeps its
// port, to which a packet comes from a port that nobody was told.
import TransportAddress

func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  switch (alice.mapping == .endpointIndependent, bob.mapping == .endpointIndependent) {
  case (true, true): return true
  case (true, false): return bob.filtering != .addressAndPortDependent
  case (false, true): return alice.filtering != .addressAndPortDependent
  case (false, false): return alice.filtering == .endpointIndependent
  }
}
