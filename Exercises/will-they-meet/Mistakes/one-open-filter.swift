// Fails: Where neither keeps its port, one must let everybody in, and neither look at ports
// Where neither box keeps its port, you let one open filter be enough. The first packet gets in there;
// but the answer to it comes from a new port, and the other filter must not look at ports.
import TransportAddress

func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  let filters = [alice.filtering, bob.filtering]
  switch (alice.mapping == .endpointIndependent, bob.mapping == .endpointIndependent) {
  case (true, true): return true
  case (true, false): return alice.filtering != .addressAndPortDependent
  case (false, true): return bob.filtering != .addressAndPortDependent
  case (false, false): return filters.contains(.endpointIndependent)
  }
}
