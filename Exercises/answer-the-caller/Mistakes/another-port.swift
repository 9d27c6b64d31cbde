// Fails: It comes from where the packet went
// The answer leaves from another port than the one that was asked. The caller's box has never heard of
// that endpoint, and drops it.
import IPPacket
import TransportAddress

func answer(to packet: Packet) -> Packet {
  let own = TransportAddress(packet.destination.address, port: packet.source.port)
  return Packet(from: own, to: packet.source)
}
