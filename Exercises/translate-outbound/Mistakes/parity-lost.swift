// Fails: A taken port gives way to the next free one of the same parity
// The next port up is free but has the other parity: a program that asked for an even port would
// end up on an odd one.
import IPPacket
import TransportAddress

func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress], address: IPAddress
) -> Packet {
  var translated = packet
  if let outside = table[packet.source] {
    translated.source = outside
    return translated
  }
  var outside = TransportAddress(address, port: packet.source.port)
  while table.values.contains(outside) {
    outside.port &+= 1
  }
  table[packet.source] = outside
  translated.source = outside
  return translated
}
