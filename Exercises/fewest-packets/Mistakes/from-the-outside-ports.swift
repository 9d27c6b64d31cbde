// Fails: The laptop's second line is there
// The last packet's source has the port of the column "outside". That is the NAT's choice: the host
// sends from its own port, and here all three packets come from port 5000.
import IPPacket
import TransportAddress

func packetsForTheTable() -> [Packet] {
  [
    Packet(from: "10.0.0.2:5000", to: "203.0.113.9:53"),
    Packet(from: "10.0.0.3:5000", to: "203.0.113.9:53"),
    Packet(from: "10.0.0.2:5004", to: "192.0.2.9:53"),
  ]
}
