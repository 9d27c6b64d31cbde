// Fails: A family that does not exist is no address
// You told IPv4 from IPv6 by the length alone; what is of no known family must be refused.
import TransportAddress

func xorMappedAddress(value: [UInt8], transactionID: [UInt8]) -> TransportAddress? {
  let mask: [UInt8] = [0x21, 0x12, 0xA4, 0x42, 0x21, 0x12, 0xA4, 0x42] + transactionID
  // The mask is aligned so that both port and address find their bytes below their own.
  func plain(_ index: Int) -> UInt8 {
    index < 4 ? value[index] ^ mask[index - 2] : value[index] ^ mask[index]
  }
  guard value.count == 8 || value.count == 20 else { return nil }
  let port = UInt16(plain(2)) << 8 | UInt16(plain(3))
  if value.count == 8 {
    return TransportAddress(.v4(IPv4Address(plain(4), plain(5), plain(6), plain(7))), port: port)
  }
  let high = (4..<12).reduce(UInt64(0)) { $0 << 8 | UInt64(plain($1)) }
  let low = (12..<20).reduce(UInt64(0)) { $0 << 8 | UInt64(plain($1)) }
  return TransportAddress(.v6(IPv6Address(high: high, low: low)), port: port)
}
