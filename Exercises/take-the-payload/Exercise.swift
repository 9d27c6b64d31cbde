/// Takes the payload out of an IP packet that carries UDP.
///
///     ┌ IP header, 20 bytes or more ┬ UDP header, 8 bytes ┬ payload ┐
///
/// The first byte of the packet says how long the IP header is: its lower four
/// bits (`byte & 0xF`) count in units of four bytes. Almost always they are 5,
/// for 20 bytes.
///
/// You will need `Array(packet[start...])`: the bytes from `start` to the end.
///
/// - Parameter packet: a whole packet, with both headers.
/// - Returns: what the program behind the port gets.
func payload(of packet: [UInt8]) -> [UInt8] {
  // Your code here.
  return packet
}
