// Fails: Two hosts with the same port get two outside ports
// Only the address is replaced. That works until two devices choose the same port, and then
// their answers cannot be told apart.
import IPPacket
import TransportAddress

func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress], address: IPAddress
) -> Packet {
  var translated = packet
  translated.source = table[packet.source] ?? TransportAddress(address, port: packet.source.port)
  table[packet.source] = translated.source
  return translated
}
