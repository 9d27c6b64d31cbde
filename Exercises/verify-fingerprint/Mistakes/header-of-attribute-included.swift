// Fails: The fingerprint of RFC 5769's response is right
// You reckon the attribute's own type and length in; the CRC ends before the attribute begins.
func hasRightFingerprint(_ message: [UInt8]) -> Bool? {
  guard message.count >= 28, Array(message.suffix(8).prefix(4)) == [0x80, 0x28, 0, 4] else {
    return nil
  }
  var crc = UInt32.max
  for byte in message[..<(message.count - 4)] {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  let value = message.suffix(4).reduce(0) { $0 << 8 + UInt32($1) }
  return value == ~crc ^ 0x5354_554E
}
