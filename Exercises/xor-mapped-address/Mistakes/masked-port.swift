// Fails: The port comes out from under the cookie
// You flipped the address but not the port, which is XORed too, with the cookie's first two bytes.
import TransportAddress

func xorMappedAddress(value: [UInt8], transactionID: [UInt8]) -> TransportAddress? {
  guard value.count >= 4, value.count <= 20 else { return nil }
  let mask: [UInt8] = [0x21, 0x12, 0xA4, 0x42] + transactionID
  let port = UInt16(value[2]) << 8 | UInt16(value[3])
  var flipped: [UInt8] = []
  for index in 4..<value.count { flipped.append(value[index] ^ mask[index - 4]) }
  if value[1] == 1 && value.count == 8 {
    return TransportAddress(
      .v4(IPv4Address(flipped[0], flipped[1], flipped[2], flipped[3])), port: port)
  }
  guard value[1] == 2 && value.count == 20 else { return nil }
  var halves: [UInt64] = [0, 0]
  for (index, byte) in flipped.enumerated() {
    halves[index / 8] <<= 8
    halves[index / 8] |= UInt64(byte)
  }
  return TransportAddress(.v6(IPv6Address(high: halves[0], low: halves[1])), port: port)
}
