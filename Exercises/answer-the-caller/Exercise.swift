import IPPacket
import TransportAddress

/// The packet with which a server answers one that it got.
///
/// You will need:
///
///     packet.source, packet.destination     // an address with its port each
///     Packet(from: endpoint, to: endpoint)  // a packet
///
/// - Parameter packet: the packet that the server got.
/// - Returns: its answer.
func answer(to packet: Packet) -> Packet {
  // Your code here.
  return packet
}
