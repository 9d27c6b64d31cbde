// Fails: It goes to the port that the packet came from
// You answer to your own port at the caller's address. There another program may listen, or none:
// answer to the port that the packet came from.
import IPPacket
import TransportAddress

func answer(to packet: Packet) -> Packet {
  let caller = TransportAddress(packet.source.address, port: packet.destination.port)
  return Packet(from: packet.destination, to: caller)
}
