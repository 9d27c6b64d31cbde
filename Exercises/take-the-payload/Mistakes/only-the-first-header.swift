// Fails: A call's words come out
// Only the IP header is gone. The UDP header, 8 bytes, stands between it and the payload.
func payload(of packet: [UInt8]) -> [UInt8] {
  let headerLength = Int(packet[0] & 0xF) * 4
  return Array(packet[headerLength...])
}
