import IPPacket
import TransportAddress

/// The packets, in order, that bring the empty table of a symmetric NAT to
/// these three lines:
///
///     inside         outside            to
///     10.0.0.2:5000  198.51.100.1:5000  203.0.113.9:53
///     10.0.0.2:5000  198.51.100.1:5004  192.0.2.9:53
///     10.0.0.3:5000  198.51.100.1:5002  203.0.113.9:53
///
/// - Returns: as few packets as will do, all of them from the inside.
func packetsForTheTable() -> [Packet] {
  // Your code here.
  return []
}
