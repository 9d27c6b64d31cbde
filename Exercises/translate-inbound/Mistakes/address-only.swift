// Fails: The port is translated too
// The address is replaced and the port is left. The phone's program listens on its own port, and
// hears nothing.
import IPPacket
import TransportAddress

func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  guard let line = table.first(where: { $0.value == packet.destination }) else { return nil }
  var translated = packet
  translated.destination = TransportAddress(line.key.address, port: packet.destination.port)
  return translated
}
