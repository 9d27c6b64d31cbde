// Fails: A packet to another outside address is dropped
// Only the port is looked up. A NAT with two outside addresses gives the same port twice, and the
// packet would reach the wrong house.
import IPPacket
import TransportAddress

func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  guard let line = table.first(where: { $0.value.port == packet.destination.port }) else {
    return nil
  }
  var translated = packet
  translated.destination = line.key
  return translated
}
