import IPPacket
import TransportAddress

/// Translates a packet from the inside, as a NAT with one outside address does.
///
/// `TransportAddress(address, port: 5000)` makes an endpoint, and its `port`
/// can be changed.
///
/// - Parameters:
///   - packet: a packet from an inside endpoint to somebody outside. What it
///     carries does not matter here.
///   - table: for each inside endpoint that has sent, the outside endpoint that
///     stands for it. A new inside endpoint gets a line: its own port if that
///     is free, else the next higher free port of the same parity (even or
///     odd), of which there is always one.
///   - address: the NAT's outside address.
/// - Returns: the packet as the outside sees it.
func translateOutbound(
  _ packet: Packet, table: inout [TransportAddress: TransportAddress],
  address: IPAddress
) -> Packet {
  // Your code here.
  return packet
}
