import IPPacket
import TransportAddress

/// Translates a packet from the outside, as a NAT does that lets everyone in.
///
/// - Parameters:
///   - packet: a packet that somebody outside has sent to the NAT.
///   - table: for each inside endpoint that has sent, the outside endpoint that
///     stands for it.
/// - Returns: the packet as the inside host gets it; nil if no line of the
///   table is for it, so that the NAT drops it.
func translateInbound(
  _ packet: Packet, table: [TransportAddress: TransportAddress]
) -> Packet? {
  // Your code here.
  return packet
}
