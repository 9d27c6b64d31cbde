// Fails: A message that does not end with one has none
// A message without FINGERPRINT is not damaged, it only lacks the attribute: that is nil, not false.
func hasRightFingerprint(_ message: [UInt8]) -> Bool? {
  guard message.count >= 28 else { return nil }
  guard Array(message.suffix(8).prefix(4)) == [0x80, 0x28, 0, 4] else { return false }
  var crc = UInt32.max
  for byte in message[..<(message.count - 8)] {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  let value = message.suffix(4).reduce(0) { $0 << 8 + UInt32($1) }
  return value == ~crc ^ 0x5354_554E
}
