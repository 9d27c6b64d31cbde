/// Whether a STUN message ends with a FINGERPRINT that is right; nil when it
/// does not end with one.
///
/// The attribute is the last eight bytes: type 80 28, length 00 04, and four
/// bytes of value. The value is the CRC-32 of every byte before the attribute,
/// XORed with 53 54 55 4E (RFC 8489 §14.7).
///
/// The CRC-32 is that of zip: it starts with a register of 32 ones. Each byte
/// is XORed into the register's lowest eight bits; then, eight times, the
/// register is shifted right by one, and where the bit that falls out is 1,
/// XORed with EDB88320. At the end all its bits are flipped.
///
/// You need not look at anything else in the message, but no bytes may make
/// this crash. You will need:
///
///     message.dropLast(8)          // every byte before the attribute
///     Array(message.suffix(8))     // the attribute, if there are so many
///     var register: UInt32 = 0xFFFF_FFFF
///     register ^= UInt32(byte)
///     let bit = register & 1       // what falls out in the next shift
///     register >>= 1
///     ~register                    // all bits flipped
func hasRightFingerprint(_ message: [UInt8]) -> Bool? {
  // Your code here.
  return nil
}
