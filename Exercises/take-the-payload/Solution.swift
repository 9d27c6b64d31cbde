func payload(of packet: [UInt8]) -> [UInt8] {
  let headerLength = Int(packet[0] & 0xF) * 4
  return Array(packet[(headerLength + 8)...])
}
