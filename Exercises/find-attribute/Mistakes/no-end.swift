// Fails: A value that goes past the end is none
// Nothing asks whether the bytes that are read are there. The length is a stranger's word, and a
// message may end anywhere: compare with its number of bytes first.
func attributeValue(of type: Int, in message: [UInt8]) -> [UInt8]? {
  var start = 20
  while start < message.count {
    let found = Int(message[start]) << 8 | Int(message[start + 1])
    let length = Int(message[start + 2]) << 8 | Int(message[start + 3])
    if found == type { return Array(message[start + 4..<start + 4 + length]) }
    start += 4 + (length + 3) / 4 * 4
  }
  return nil
}
