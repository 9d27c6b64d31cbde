// Fails: One that keeps its port meets one that does not, if it does not look at ports
// You let it be enough that one box keeps its port. The other's packets come from a port that
// nobody was told: they get in only if the box that keeps its own does not look at ports.
import TransportAddress

func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  alice.mapping == .endpointIndependent || bob.mapping == .endpointIndependent
    || bob.filtering != .addressAndPortDependent
}
