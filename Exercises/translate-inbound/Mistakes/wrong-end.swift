// Fails: The source stays as it was
// Inbound translation writes over the source here. The source says who answers; it is the
// destination that the laptop's address must replace.
import IPPacket
import TransportAddress

func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  guard let line = table.first(where: { $0.value == packet.destination }) else { return nil }
  var translated = packet
  translated.destination = line.key
  translated.source = line.value
  return translated
}
