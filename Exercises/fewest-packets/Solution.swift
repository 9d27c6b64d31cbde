import IPPacket
import TransportAddress

func packetsForTheTable() -> [Packet] {
  [
    Packet(from: "10.0.0.2:5000", to: "203.0.113.9:53"),
    Packet(from: "10.0.0.3:5000", to: "203.0.113.9:53"),
    Packet(from: "10.0.0.2:5000", to: "192.0.2.9:53"),
  ]
}
