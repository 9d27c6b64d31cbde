import STUNCodec
import Testing

@testable import Answer

@Suite struct DecodeHeaderChecks {
  let rest: [UInt8] = [0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 7, count: 12)

  /// A message of this type with so many bytes behind its header.
  func message(_ type: Int, following: Int = 0) -> [UInt8] {
    [UInt8(type >> 8), UInt8(type & 0xFF), UInt8(following >> 8), UInt8(following & 0xFF)] + rest
      + [UInt8](repeating: 0, count: following)
  }

  @Test("A Binding request has class request and method 1")
  func bindingRequest() {
    let header = decodeHeader(message(0x0001))
    #expect(header?.messageClass == .request, "00 01 has neither class bit set: a request.")
    #expect(header?.method == 1, "With no class bits to take out, 00 01 is method 1, Binding.")
  }

  @Test("The two class bits are bit 8 and bit 4")
  func classes() {
    let types: [(Int, MessageClass)] = [
      (0x0001, .request), (0x0011, .indication), (0x0101, .successResponse),
      (0x0111, .errorResponse),
    ]
    for (type, expected) in types {
      #expect(
        decodeHeader(message(type))?.messageClass == expected,
        "Type 0x\(String(type, radix: 16)) is a Binding \(expected).")
    }
  }

  @Test("The method is what is left when the class bits are taken out")
  func methods() {
    // Each bit alone, any two, and all of them.
    let bits = (0..<12).map { 1 << $0 }
    for method in Set(bits.flatMap { bit in bits.map { bit | $0 } } + [0, 0xFFF]).sorted() {
      for messageClass in MessageClass.allCases {
        let type = MessageType(messageClass, STUNMethod(rawValue: UInt16(method)))
        let header = decodeHeader(message(Int(type.rawValue)))
        // One wrong type says enough; there are three hundred of them.
        guard header?.method == method, header?.messageClass == messageClass else {
          let (typeText, methodText) = (
            String(type.rawValue, radix: 16), String(method, radix: 16)
          )
          #expect(
            header?.method == method, "Type 0x\(typeText) is of method 0x\(methodText).")
          #expect(
            header?.messageClass == messageClass, "Type 0x\(typeText) is a \(messageClass).")
          return
        }
      }
    }
  }

  @Test("The length counts what follows the header")
  func length() {
    for count in [0, 4, 60, 256, 1000] {
      #expect(
        decodeHeader(message(0x0101, following: count))?.length == count,
        "\(count) bytes follow; the header's own twenty are not counted.")
    }
  }

  @Test("A length that is not what follows is no message")
  func wrongLength() {
    for (claimed, following) in [(0, 4), (4, 0), (60, 56), (0xFFFC, 0), (3, 3), (1, 1)] {
      var bytes = message(0x0001, following: following)
      bytes[2] = UInt8(claimed >> 8)
      bytes[3] = UInt8(claimed & 0xFF)
      #expect(
        decodeHeader(bytes) == nil, "The header claims \(claimed) bytes; \(following) follow.")
    }
  }

  @Test("Another cookie is no STUN message")
  func cookie() {
    for index in 4..<8 {
      var bytes = message(0x0001)
      bytes[index] ^= 1
      #expect(decodeHeader(bytes) == nil, "Byte \(index) of the cookie is not what it should be.")
    }
  }

  @Test("First bits that are not zero are no STUN message")
  func firstBits() {
    for first in [0x40, 0x80, 0xC0] {
      #expect(
        decodeHeader(message(first << 8 | 1)) == nil,
        "ChannelData opens with 01, RTP with 10: only 00 is STUN.")
    }
  }

  @Test("A message cut anywhere in its header is no message")
  func short() {
    let whole = message(0x0001)
    for count in 0..<20 {
      #expect(decodeHeader(Array(whole.prefix(count))) == nil, "Only \(count) bytes are here.")
    }
  }
}
