import IPPacket
import TransportAddress

func admits(
  _ packet: Packet, contacted: Set<TransportAddress>,
  filtering: EndpointDependence
) -> Bool {
  switch filtering {
  case .endpointIndependent: true
  case .addressDependent: contacted.contains { $0.address == packet.source.address }
  case .addressAndPortDependent: contacted.contains(packet.source)
  }
}
