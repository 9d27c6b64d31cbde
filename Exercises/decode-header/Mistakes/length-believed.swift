// Fails: A length that is not what follows is no message
// You believe the length that the sender wrote; compare it with what has really come.
import STUNCodec

func decodeHeader(_ bytes: [UInt8]) -> (messageClass: MessageClass, method: Int, length: Int)? {
  guard bytes.count >= 20, Array(bytes[4...7]) == [0x21, 0x12, 0xA4, 0x42] else { return nil }
  if bytes[0] > 0x3F { return nil }
  let type = MessageType(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
  return (type.class, Int(type.method.rawValue), Int(bytes[2]) << 8 + Int(bytes[3]))
}
