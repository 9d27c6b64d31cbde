// Fails: A length needs both of its bytes
// You write the lower byte of a length alone. From 256 on the upper one is not zero.
func bindingRequest(transactionID: [UInt8], software: [UInt8]?) -> [UInt8] {
  var attributes: [UInt8] = []
  if let software {
    attributes = [0x80, 0x22, 0, UInt8(software.count & 0xFF)] + software
    while attributes.count % 4 != 0 { attributes.append(0) }
  }
  return [0x00, 0x01, 0, UInt8(attributes.count & 0xFF), 0x21, 0x12, 0xA4, 0x42] + transactionID
    + attributes
}
