import Testing

@testable import STUNCodec

@Suite struct CRC32Tests {
  @Test("The check value of the CRC-32 catalogue: \"123456789\" gives 0xCBF43926")
  func checkValue() {
    #expect(CRC32.checksum(Array("123456789".utf8).span.bytes) == 0xCBF4_3926)
  }

  @Test(
    "Sixteen, eight and four bytes at a step give what one bit at a time gives", arguments: 0...80)
  func againstDefinition(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    var register = ~UInt32(0)
    for byte in bytes {
      register = register >> 8 ^ CRC32.remainder(of: (register ^ UInt32(byte)) & 0xFF)
    }
    #expect(CRC32.checksum(bytes.span.bytes) == ~register)
  }
}
