// Fails: A longer IP header is taken off whole
// The IP header is taken for 20 bytes. It may be longer: the lower four bits of the packet's first
// byte say how long it is, in units of four bytes.
func payload(of packet: [UInt8]) -> [UInt8] {
  Array(packet[28...])
}
