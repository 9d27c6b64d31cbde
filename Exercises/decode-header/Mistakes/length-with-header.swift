// Fails: A Binding request has class request and method 1
// You compare the length with all the bytes, but it counts only those after the header's twenty.
import STUNCodec

func decodeHeader(_ bytes: [UInt8]) -> (messageClass: MessageClass, method: Int, length: Int)? {
  guard bytes.count >= 20, Array(bytes[4...7]) == [0x21, 0x12, 0xA4, 0x42] else { return nil }
  let type = MessageType(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
  let count = Int(bytes[2]) << 8 + Int(bytes[3])
  if bytes[0] > 0x3F || count % 4 != 0 || count != bytes.count { return nil }
  return (type.class, Int(type.method.rawValue), count)
}
