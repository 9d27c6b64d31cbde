// Fails: Each remote in the memory counts, and none makes up for another
// Address and port are looked for one after the other, in different lines of the memory. They must
// stand in the same one.
import IPPacket
import TransportAddress

func admits(
  _ packet: Packet, contacted: Set<TransportAddress>, filtering: EndpointDependence
) -> Bool {
  let knowsAddress = contacted.contains { $0.address == packet.source.address }
  let knowsPort = contacted.contains { $0.port == packet.source.port }
  switch filtering {
  case .endpointIndependent: return true
  case .addressDependent: return knowsAddress
  case .addressAndPortDependent: return knowsAddress && knowsPort
  }
}
