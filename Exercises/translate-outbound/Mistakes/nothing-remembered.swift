// Fails: The table remembers which inside endpoint the outside one stands for
// The packet is translated, but nothing is written down: when the answer comes, nobody knows
// whose it is.
import IPPacket
import TransportAddress

func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress], address: IPAddress
) -> Packet {
  var translated = packet
  translated.source = TransportAddress(address, port: packet.source.port)
  return translated
}
