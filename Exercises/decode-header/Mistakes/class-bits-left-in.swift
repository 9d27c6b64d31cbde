// Fails: The method is what is left when the class bits are taken out
// The class bits are still inside your method: shift the bits above them down over the gaps.
import STUNCodec

func decodeHeader(_ bytes: [UInt8]) -> (messageClass: MessageClass, method: Int, length: Int)? {
  guard bytes.count >= 20, Array(bytes[4...7]) == [0x21, 0x12, 0xA4, 0x42] else { return nil }
  let type = UInt16(bytes[0]) << 8 + UInt16(bytes[1])
  let count = Int(bytes[2]) << 8 + Int(bytes[3])
  if type > 0x3FFF || count % 4 != 0 || count != bytes.count - 20 { return nil }
  let kinds: [MessageClass] = [.request, .indication, .successResponse, .errorResponse]
  let index = (type & 0x100 != 0 ? 2 : 0) + (type & 0x10 != 0 ? 1 : 0)
  return (kinds[index], Int(type & ~0x110), count)
}
