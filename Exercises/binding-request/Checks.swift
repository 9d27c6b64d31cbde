import Testing

@testable import Answer

@Suite struct BindingRequestChecks {
  let id: [UInt8] = [0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86, 0xFA, 0x87, 0xDF, 0xAE]

  /// Bytes of a request in hexadecimal, such as `21 12`; fewer where it ends before.
  private func bytes(_ range: Range<Int>, software: [UInt8]? = nil) -> String {
    bindingRequest(transactionID: id, software: software)
      .dropFirst(range.lowerBound).prefix(range.count)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined(separator: " ")
  }

  @Test("Without a name it has twenty bytes")
  func count() {
    let count = bindingRequest(transactionID: id, software: nil).count
    #expect(count == 20, "A header, and nothing else")
  }

  @Test("It begins with type and length")
  func typeAndLength() {
    #expect(bytes(0..<2) == "00 01", "Method 1, Binding; class 0, a request")
    #expect(bytes(2..<4) == "00 00", "The length counts what follows the header: here nothing")
  }

  @Test("Cookie and transaction ID follow")
  func cookie() {
    #expect(bytes(4..<8) == "21 12 a4 42", "The magic cookie stands in every message")
    #expect(
      bytes(8..<20) == "b7 e7 a7 01 bc 34 d6 86 fa 87 df ae", "The transaction ID as it was given")
  }

  @Test("SOFTWARE stands behind the header")
  func software() {
    #expect(
      bytes(20..<28, software: [0x63, 0x61, 0x6C, 0x6C]) == "80 22 00 04 63 61 6c 6c",
      "Its type, 80 22, the length of \"call\", and \"call\"")
    #expect(
      bytes(2..<4, software: [0x63, 0x61, 0x6C, 0x6C]) == "00 08",
      "Eight bytes follow the header: four of type and length, and four of value")
  }

  @Test("The length of an attribute does not count its padding")
  func attributeLength() {
    #expect(
      bytes(22..<24, software: [0x70, 0x66]) == "00 02", "\"pf\" has two bytes, and two of padding")
  }

  @Test("Zeros fill up to a multiple of four, and the header counts them")
  func padding() {
    #expect(
      bytes(24..<40, software: [0x70, 0x66]) == "70 66 00 00", "\"pf\", and two bytes of padding")
    #expect(
      bytes(2..<4, software: [0x70, 0x66]) == "00 08", "Four bytes, two of value, two of padding")
  }

  @Test("A length needs both of its bytes")
  func long() {
    let name = [UInt8](repeating: 0x61, count: 300)
    #expect(bytes(22..<24, software: name) == "01 2c", "300 is 256 and 44, in hexadecimal 01 2c")
    #expect(bytes(2..<4, software: name) == "01 30", "304 is 256 and 48, in hexadecimal 01 30")
  }
}
