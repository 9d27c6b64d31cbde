// Fails: An address-dependent filter does not look at the port
// The whole endpoint is compared in both cases. A server that answers from another port, as TURN
// and STUN tests do, would be kept out.
import IPPacket
import TransportAddress

func admits(
  _ packet: Packet, contacted: Set<TransportAddress>, filtering: EndpointDependence
) -> Bool {
  filtering == .endpointIndependent || contacted.contains(packet.source)
}
