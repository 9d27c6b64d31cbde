// Fails: Zeros fill up to a multiple of four, and the header counts them
// You stop where the value stops. Every attribute ends at a multiple of four, the last one as well.
func bindingRequest(transactionID: [UInt8], software: [UInt8]?) -> [UInt8] {
  var attributes: [UInt8] = []
  if let software { attributes = [0x80, 0x22] + twoBytes(software.count) + software }
  return [0x00, 0x01] + twoBytes(attributes.count) + [0x21, 0x12, 0xA4, 0x42] + transactionID
    + attributes
}

private func twoBytes(_ number: Int) -> [UInt8] {
  [UInt8(number >> 8), UInt8(number & 0xFF)]
}
