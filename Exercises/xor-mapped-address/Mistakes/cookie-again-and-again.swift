// Fails: An IPv6 address is XORed with the cookie and then the transaction ID
// You laid the cookie over all sixteen bytes; after its four bytes come the transaction ID's twelve.
import TransportAddress

func xorMappedAddress(value: [UInt8], transactionID: [UInt8]) -> TransportAddress? {
  guard value.count >= 8 else { return nil }
  let cookie: [UInt8] = [0x21, 0x12, 0xA4, 0x42]
  let port = UInt16(value[2] ^ cookie[0]) << 8 | UInt16(value[3] ^ cookie[1])
  var plain: [UInt8] = []
  for index in 4..<value.count {
    plain.append(value[index] ^ cookie[index % 4])
  }
  if value[1] == 1, plain.count == 4 {
    return TransportAddress(.v4(IPv4Address(plain[0], plain[1], plain[2], plain[3])), port: port)
  }
  if value[1] == 2, plain.count == 16 {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<8 {
      high = high << 8 | UInt64(plain[index])
      low = low << 8 | UInt64(plain[index + 8])
    }
    return TransportAddress(.v6(IPv6Address(high: high, low: low)), port: port)
  }
  return nil
}
