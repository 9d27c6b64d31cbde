// Fails: A pause in speaking is no jitter
// You take for granted that a packet is sent every 20 ms, 160 units. In a pause many programs send
// none. When it was sent the timestamp says.
func jitter(
  of packets: [(timestamp: UInt32, arrival: UInt32)]
) -> Double {
  var jitter = 0.0
  var last: UInt32?
  for packet in packets {
    if let last {
      let change = Int32(bitPattern: packet.arrival &- last &- 160)
      jitter += (Double(change.magnitude) - jitter) / 16
    }
    last = packet.arrival
  }
  return jitter
}
