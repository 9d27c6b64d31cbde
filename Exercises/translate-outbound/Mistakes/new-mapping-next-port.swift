// Fails: The second packet uses the mapping of the first
// Every packet gets a new mapping, so the server sees each one come from somebody else: look into
// the table first. And the next port up has the other parity.
import IPPacket
import TransportAddress

func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress], address: IPAddress
) -> Packet {
  var outside = TransportAddress(address, port: packet.source.port)
  while table.values.contains(outside) { outside.port += 1 }
  table[packet.source] = outside
  return Packet(from: outside, to: packet.destination)
}
