// Fails: Each packet is compared with the one before
// You compare each packet with the first one. If the way becomes longer once and stays so, that is one
// change and not one for each packet.
func jitter(
  of packets: [(timestamp: UInt32, arrival: UInt32)]
) -> Double {
  var jitter = 0.0
  guard let first = packets.first else { return 0 }
  for packet in packets.dropFirst() {
    let transit = packet.arrival &- packet.timestamp
    let change = Int32(bitPattern: transit &- (first.arrival &- first.timestamp))
    jitter += (Double(change.magnitude) - jitter) / 16
  }
  return jitter
}
