// Fails: A value that goes past the end is none
// You take what is there of the value. Half an address is none: if the message ends too early, return
// nil.
func attributeValue(of type: Int, in message: [UInt8]) -> [UInt8]? {
  func number(at index: Int) -> Int { Int(message[index]) << 8 | Int(message[index + 1]) }
  var start = 20
  while start + 4 <= message.count {
    let length = number(at: start + 2)
    if number(at: start) == type { return Array(message.dropFirst(start + 4).prefix(length)) }
    start += 4 + (length + 3) / 4 * 4
  }
  return nil
}
