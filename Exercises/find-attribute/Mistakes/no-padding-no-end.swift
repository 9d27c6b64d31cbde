// Fails: The next one begins behind the padding
// You go on right behind the value, and the next attribute begins at a multiple of four. And
// nothing asks whether the bytes that are read are there: a message may end anywhere.
func attributeValue(of type: Int, in message: [UInt8]) -> [UInt8]? {
  var at = 20
  while at < message.count {
    let found = Int(message[at]) << 8 | Int(message[at + 1])
    let length = Int(message[at + 2]) << 8 | Int(message[at + 3])
    if found == type { return Array(message[at + 4..<at + 4 + length]) }
    at += 4 + length
  }
  return nil
}
