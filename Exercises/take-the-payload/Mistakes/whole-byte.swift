// Fails: A call's words come out
// The whole first byte is taken for the length. Its upper four bits are the version of IP, which is 4:
// only the lower four bits count.
func payload(of packet: [UInt8]) -> [UInt8] {
  let start = Int(packet[0]) * 4 + 8
  return start < packet.count ? Array(packet[start...]) : []
}
