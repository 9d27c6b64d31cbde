// Fails: The answer goes to the address that the packet came from
// You send to Alice's own address. The server has never heard of it: it must answer to what stands in
// the packet, whoever wrote it there.
import IPPacket
import TransportAddress

func answer(to packet: Packet) -> Packet {
  Packet(from: packet.destination, to: "10.0.0.2:5000")
}
