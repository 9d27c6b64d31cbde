// Fails: One that keeps its port meets one that does not, if it does not look at ports
// You ask both boxes to keep one port for everybody. It is enough that one does: the other's packets
// come from a new port, and get in where the filter does not look at ports.
import TransportAddress

func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  alice.mapping == .endpointIndependent && bob.mapping == .endpointIndependent
}
