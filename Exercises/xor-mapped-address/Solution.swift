import TransportAddress

func xorMappedAddress(
  value: [UInt8], transactionID: [UInt8]
) -> TransportAddress? {
  guard value.count >= 4 else { return nil }
  let mask: [UInt8] = [0x21, 0x12, 0xA4, 0x42] + transactionID
  let port = UInt16(value[2] ^ mask[0]) << 8 | UInt16(value[3] ^ mask[1])
  let bytes = zip(value.dropFirst(4), mask).map { $0 ^ $1 }

  switch (family: value[1], length: value.count) {
  case (family: 1, length: 8):
    let v4 = IPv4Address(bytes[0], bytes[1], bytes[2], bytes[3])
    return TransportAddress(.v4(v4), port: port)
  case (family: 2, length: 20):
    let high = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let low = bytes[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return TransportAddress(.v6(IPv6Address(high: high, low: low)), port: port)
  default:
    return nil
  }
}
