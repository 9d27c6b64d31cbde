import IPPacket
import TransportAddress

/// Decides whether a packet from the outside may use a mapping (RFC 4787 §5).
///
/// You will need:
///
///     switch filtering { case .endpointIndependent: … }
///     contacted.contains(packet.source)
///     contacted.contains { $0.address == packet.source.address }
///
/// - Parameters:
///   - packet: the packet; its destination is the mapping's outside endpoint.
///   - contacted: the remote endpoints that the mapping's host has sent to.
///   - filtering: how much of the sender's endpoint counts.
/// - Returns: whether the packet is let in.
func admits(
  _ packet: Packet, contacted: Set<TransportAddress>,
  filtering: EndpointDependence
) -> Bool {
  // Your code here.
  return packet.source == packet.destination
}
