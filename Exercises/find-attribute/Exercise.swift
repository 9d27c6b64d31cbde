/// Finds the first attribute of a type in a STUN message.
///
/// The header has 20 bytes. Behind it stand attributes: a type (2 bytes), the
/// length of the value (2 bytes), the value, and padding up to a multiple of
/// four. You will need:
///
///     Int(message[at]) << 8 | Int(message[at + 1])  // two bytes as a number
///     Array(message[start..<end])    // the bytes from start to before end
///     (length + 3) / 4 * 4           // rounded up to a multiple of four
///
/// - Parameters:
///   - type: the type that is looked for: 0x0020 is XOR-MAPPED-ADDRESS.
///   - message: a message from a stranger, which may be cut short.
/// - Returns: the value; nil if there is no such attribute, or if the message
///   ends too early.
func attributeValue(of type: Int, in message: [UInt8]) -> [UInt8]? {
  // Your code here.
  return nil
}
