// Fails: It took three packets, the fewest there can be
// One packet was sent twice. The second one uses the line that the first has made, and makes none.
import IPPacket
import TransportAddress

func packetsForTheTable() -> [Packet] {
  [
    Packet(from: "10.0.0.2:5000", to: "203.0.113.9:53"),
    Packet(from: "10.0.0.3:5000", to: "203.0.113.9:53"),
    Packet(from: "10.0.0.2:5000", to: "192.0.2.9:53"),
    Packet(from: "10.0.0.2:5000", to: "203.0.113.9:53"),
  ]
}
