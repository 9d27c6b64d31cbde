import STUNCodec

func decodeHeader(
  _ bytes: [UInt8]
) -> (messageClass: MessageClass, method: Int, length: Int)? {
  guard bytes.count >= 20, bytes[4..<8].elementsEqual([0x21, 0x12, 0xA4, 0x42]) else { return nil }
  let type = Int(bytes[0]) << 8 | Int(bytes[1])
  let length = Int(bytes[2]) << 8 | Int(bytes[3])
  guard type & 0xC000 == 0, length % 4 == 0, length == bytes.count - 20 else { return nil }

  let classBits = (type >> 7 & 0b10) | (type >> 4 & 0b01)
  let method = (type >> 2 & 0xF80) | (type >> 1 & 0x070) | (type & 0x00F)
  guard let messageClass = MessageClass(rawValue: UInt8(classBits)) else { return nil }
  return (messageClass, method, length)
}
