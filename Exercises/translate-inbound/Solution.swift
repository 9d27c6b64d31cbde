import IPPacket
import TransportAddress

func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  guard let line = table.first(where: { $0.value == packet.destination }) else { return nil }
  var translated = packet
  translated.destination = line.key
  return translated
}
