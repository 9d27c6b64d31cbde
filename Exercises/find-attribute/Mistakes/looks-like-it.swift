// Fails: Bytes that look like a type are none in the middle of a value
// You look for the two bytes of the type at every fourth byte. They may be a part of some value: go from
// attribute to attribute by their lengths.
func attributeValue(of type: Int, in message: [UInt8]) -> [UInt8]? {
  func number(at index: Int) -> Int { Int(message[index]) << 8 | Int(message[index + 1]) }
  var start = 20
  while start + 4 <= message.count {
    let end = start + 4 + number(at: start + 2)
    if number(at: start) == type {
      return end <= message.count ? Array(message[(start + 4)..<end]) : nil
    }
    start += 4
  }
  return nil
}
