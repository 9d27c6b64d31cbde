import IPPacket
import TransportAddress

func packetsForTheTable() -> [Packet] {
  [
    Packet(from: "10.0.0.2:5000", to: "198.51.100.1:53"),
    Packet(from: "10.0.0.3:5000", to: "198.51.100.1:53"),
    Packet(from: "10.0.0.2:5000", to: "192.0.2.9:53"),
  ]
}
