// Fails: An endpoint-independent filter lets everyone in
// The filter waits for the host to have sent to somebody. An endpoint-independent one has no memory:
// where there is a mapping, everyone may use it.
import IPPacket
import TransportAddress

func admits(
  _ packet: Packet, contacted: Set<TransportAddress>, filtering: EndpointDependence
) -> Bool {
  switch filtering {
  case .endpointIndependent: !contacted.isEmpty
  case .addressDependent: contacted.contains { $0.address == packet.source.address }
  case .addressAndPortDependent: contacted.contains(packet.source)
  }
}
