// Fails: The byte before the family is ignored
// You read the family from two bytes; the first of them means nothing and need not be zero.
import TransportAddress

func xorMappedAddress(value: [UInt8], transactionID: [UInt8]) -> TransportAddress? {
  guard value.count >= 4 else { return nil }
  let family = UInt16(value[0]) << 8 | UInt16(value[1])
  let mask: [UInt8] = [0x21, 0x12, 0xA4, 0x42] + transactionID
  let port = (UInt16(value[2]) << 8 | UInt16(value[3])) ^ 0x2112
  if family == 0x0001, value.count == 8 {
    var number: UInt32 = 0
    for index in 0..<4 { number = number << 8 | UInt32(value[4 + index] ^ mask[index]) }
    return TransportAddress(.v4(IPv4Address(rawValue: number)), port: port)
  }
  if family == 0x0002, value.count == 20 {
    var address = IPv6Address(high: 0, low: 0)
    for index in 0..<8 {
      address.high = address.high << 8 | UInt64(value[4 + index] ^ mask[index])
      address.low = address.low << 8 | UInt64(value[12 + index] ^ mask[8 + index])
    }
    return TransportAddress(.v6(address), port: port)
  }
  return nil
}
