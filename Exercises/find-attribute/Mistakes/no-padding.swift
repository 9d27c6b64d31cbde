// Fails: The next one begins behind the padding
// You go on right behind the value. The next attribute begins at a multiple of four.
func attributeValue(of type: Int, in message: [UInt8]) -> [UInt8]? {
  func number(at index: Int) -> Int { Int(message[index]) << 8 | Int(message[index + 1]) }
  var start = 20
  while start + 4 <= message.count {
    let length = number(at: start + 2)
    let end = start + 4 + length
    guard end <= message.count else { return nil }
    if number(at: start) == type { return Array(message[(start + 4)..<end]) }
    start = end
  }
  return nil
}
