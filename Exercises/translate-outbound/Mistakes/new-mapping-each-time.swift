// Fails: The second packet uses the mapping of the first
// Every packet gets a new mapping, so the server sees each one come from somebody else. Look into
// the table before you look for a port.
import IPPacket
import TransportAddress

func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress], address: IPAddress
) -> Packet {
  var outside = TransportAddress(address, port: packet.source.port)
  while table.values.contains(outside) {
    outside.port += 2
  }
  table[packet.source] = outside
  var translated = packet
  translated.source = outside
  return translated
}
