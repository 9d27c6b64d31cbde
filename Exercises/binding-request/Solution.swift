func bindingRequest(transactionID: [UInt8], software: [UInt8]?) -> [UInt8] {
  var attributes: [UInt8] = []
  if let software {
    attributes = [0x80, 0x22] + twoBytes(software.count) + software
    while attributes.count % 4 != 0 { attributes.append(0) }
  }
  return [0x00, 0x01] + twoBytes(attributes.count) + [0x21, 0x12, 0xA4, 0x42] + transactionID
    + attributes
}

private func twoBytes(_ number: Int) -> [UInt8] {
  [UInt8(number >> 8), UInt8(number & 0xFF)]
}
