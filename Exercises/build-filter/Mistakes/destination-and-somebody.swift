// Fails: Whoever was sent to may answer, with each kind of filter
// An address-dependent filter looks at the packet's destination here. That is the mapping's own
// outside endpoint; who wants to come in is the source. And an endpoint-independent one asks
// nothing at all.
import IPPacket
import TransportAddress

func admits(
  _ packet: Packet, contacted: Set<TransportAddress>, filtering: EndpointDependence
) -> Bool {
  switch filtering {
  case .endpointIndependent: !contacted.isEmpty
  case .addressDependent: contacted.contains { $0.address == packet.destination.address }
  case .addressAndPortDependent: contacted.contains(packet.source)
  }
}
