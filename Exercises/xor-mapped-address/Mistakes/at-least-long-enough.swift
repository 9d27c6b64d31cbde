// Fails: A value longer than its family's is no address
// You ask for enough bytes, and take what is too long as well. The family says how many there are:
// eight or twenty, and no others.
import TransportAddress

func xorMappedAddress(value: [UInt8], transactionID: [UInt8]) -> TransportAddress? {
  guard value.count >= 8 else { return nil }
  let mask: [UInt8] = [0x21, 0x12, 0xA4, 0x42] + transactionID
  let port = UInt16(value[2] ^ mask[0]) << 8 | UInt16(value[3] ^ mask[1])
  let plain = zip(value[4...], mask).map { $0 ^ $1 }
  switch value[1] {
  case 1:
    return TransportAddress(.v4(IPv4Address(plain[0], plain[1], plain[2], plain[3])), port: port)
  case 2:
    guard plain.count >= 16 else { return nil }
    let high = plain[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let low = plain[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return TransportAddress(.v6(IPv6Address(high: high, low: low)), port: port)
  default:
    return nil
  }
}
