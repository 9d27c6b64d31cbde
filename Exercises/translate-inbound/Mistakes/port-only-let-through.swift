// Fails: A packet to a port that no line has is dropped
// A packet without a line goes on as it is, and of a line only the port is looked at. A NAT drops
// what is for none of its outside endpoints, and an endpoint is an address with its port.
import IPPacket
import TransportAddress

func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  for (inside, outside) in table where outside.port == packet.destination.port {
    return Packet(from: packet.source, to: inside)
  }
  return packet
}
