import IPPacket
import TransportAddress

func answer(to packet: Packet) -> Packet {
  Packet(from: packet.destination, to: packet.source)
}
