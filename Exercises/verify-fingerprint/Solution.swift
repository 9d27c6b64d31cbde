func hasRightFingerprint(_ message: [UInt8]) -> Bool? {
  guard message.count >= 28, message.suffix(8).starts(with: [0x80, 0x28, 0x00, 0x04]) else {
    return nil
  }
  var register: UInt32 = 0xFFFF_FFFF
  for byte in message.dropLast(8) {
    register ^= UInt32(byte)
    for _ in 0..<8 {
      let fallsOut = register & 1
      register >>= 1
      if fallsOut == 1 { register ^= 0xEDB8_8320 }
    }
  }
  let expected = ~register ^ 0x5354_554E
  return message.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == expected
}
