// Fails: The length of an attribute does not count its padding
// You pad the value first and count it then. Whoever reads it would take the zeros for a part of the
// name.
func bindingRequest(transactionID: [UInt8], software: [UInt8]?) -> [UInt8] {
  var attributes: [UInt8] = []
  if var software {
    while software.count % 4 != 0 { software.append(0) }
    attributes = [0x80, 0x22] + twoBytes(software.count) + software
  }
  return [0x00, 0x01] + twoBytes(attributes.count) + [0x21, 0x12, 0xA4, 0x42] + transactionID
    + attributes
}

private func twoBytes(_ number: Int) -> [UInt8] {
  [UInt8(number >> 8), UInt8(number & 0xFF)]
}
