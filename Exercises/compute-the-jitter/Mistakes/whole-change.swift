// Fails: A change of the transit counts for a sixteenth
// You add the whole change. By a sixteenth of the way the number follows slowly, so that a single
// packet that was late does not count for much.
func jitter(
  of packets: [(timestamp: UInt32, arrival: UInt32)]
) -> Double {
  var jitter = 0.0
  var last: UInt32?
  for packet in packets {
    let transit = packet.arrival &- packet.timestamp
    if let last { jitter += Double(Int32(bitPattern: transit &- last).magnitude) }
    last = transit
  }
  return jitter
}
