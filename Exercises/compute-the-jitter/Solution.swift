func jitter(
  of packets: [(timestamp: UInt32, arrival: UInt32)]
) -> Double {
  var jitter = 0.0
  var last: UInt32?
  for packet in packets {
    let transit = packet.arrival &- packet.timestamp
    if let last {
      let change = Int32(bitPattern: transit &- last)
      jitter += (Double(change.magnitude) - jitter) / 16
    }
    last = transit
  }
  return jitter
}
