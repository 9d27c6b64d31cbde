import IPPacket
import TransportAddress

func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress],
  address: IPAddress
) -> Packet {
  var translated = packet
  if let outside = table[packet.source] {
    translated.source = outside
    return translated
  }
  var outside = TransportAddress(address, port: packet.source.port)
  while table.values.contains(outside) {
    outside.port += 2  // the same parity
  }
  table[packet.source] = outside
  translated.source = outside
  return translated
}
