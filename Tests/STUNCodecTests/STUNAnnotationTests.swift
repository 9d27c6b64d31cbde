import STUNCodec
import Testing

@Suite struct AnnotationTests {
  /// The fields that stand for bytes, not for some bits of them.
  func leaves(_ bytes: [UInt8]) -> [AnnotatedField] {
    STUNAnnotation.fields(of: bytes).filter { $0.bits == nil }
  }

  /// Whether the fields cover all bytes, each once, in order.
  func covers(_ bytes: [UInt8]) -> Bool {
    var end = 0
    for field in leaves(bytes) {
      if field.byteRange.lowerBound != end { return false }
      end = field.byteRange.upperBound
    }
    return end == bytes.count
  }

  func hasProblem(_ bytes: [UInt8]) -> Bool {
    leaves(bytes).contains { $0.isProblem }
  }

  @Test("RFC 5769 §2.2 is explained from the first bit to the last")
  func sampleResponse() {
    #expect(
      STUNAnnotation.fields(of: RFC5769.sampleIPv4Response).map(\.description) == [
        "0..<2 Message Type: Binding success response (0x0101)",
        "  0..<2 00.. .... .... .... zero bits: as in every STUN message",
        "  0..<2 ..00 000. 000. 0001 method: Binding (0x001)",
        "  0..<2 .... ...1 ...0 .... class: success response",
        "2..<4 Message Length: 60 bytes follow the header",
        "4..<8 Magic Cookie: 0x2112A442",
        "8..<20 Transaction ID: b7e7a701bc34d686fa87dfae",
        "20..<22 SOFTWARE: attribute type 0x8022, comprehension-optional",
        "  22..<24 Length: 11 bytes of value",
        "  24..<35 Value: \"test vector\"",
        "  35..<36 Padding: 1 byte, ignored",
        "36..<38 XOR-MAPPED-ADDRESS: attribute type 0x0020, comprehension-required",
        "  38..<40 Length: 8 bytes of value",
        "  40..<41 Reserved: ignored",
        "  41..<42 Family: IPv4",
        "  42..<44 X-Port: 0xA147 ⊕ 0x2112 = 32853",
        "  44..<48 X-Address: ⊕ the magic cookie = 192.0.2.1",
        "48..<50 MESSAGE-INTEGRITY: attribute type 0x0008, comprehension-required",
        "  50..<52 Length: 20 bytes of value",
        "  52..<72 HMAC-SHA1: of all bytes before this attribute; needs the password",
        "72..<74 FINGERPRINT: attribute type 0x8028, comprehension-optional",
        "  74..<76 Length: 4 bytes of value",
        "  76..<80 CRC-32: of all bytes before this attribute, ⊕ 0x5354554E: right",
      ])
  }

  @Test("Every vector is covered byte for byte, without a problem", arguments: Vector.all)
  func vectors(vector: Vector) {
    #expect(covers(vector.bytes))
    #expect(!hasProblem(vector.bytes))
  }

  @Test("Every vector cut anywhere is covered, and the cut is said", arguments: Vector.all)
  func cuts(vector: Vector) {
    for count in 0..<vector.bytes.count {
      let bytes = Array(vector.bytes.prefix(count))
      #expect(covers(bytes), "cut after \(count)")
      #expect(hasProblem(bytes), "cut after \(count)")
    }
  }

  @Test("Every vector with any bit flipped is covered", arguments: Vector.all)
  func flips(vector: Vector) {
    for bit in 0..<vector.bytes.count * 8 {
      var bytes = vector.bytes
      bytes[bit / 8] ^= 0x80 >> (bit % 8)
      #expect(covers(bytes), "bit \(bit)")
    }
  }

  @Test("What stands after the message's end is said not to belong to it")
  func trailing() {
    let bytes = RFC5769.sampleIPv4Response + [1, 2, 3]
    #expect(covers(bytes))
    #expect(leaves(bytes).last?.meaning == "they stand after the message's end")
  }

  @Test("A wrong FINGERPRINT is said to be wrong, with the right one")
  func fingerprint() {
    var bytes = RFC5769.sampleIPv4Response
    bytes[79] ^= 1
    #expect(leaves(bytes).last?.isProblem == true)
    #expect(leaves(bytes).last?.meaning == "should be 0xC07D4C96")
  }

  @Test("Text from the network cannot steer a terminal")
  func controlCharacters() {
    let fields = STUNAnnotation.fields(of: message("80 22 00 04 1b 5b 32 4a"))
    #expect(fields.last?.meaning == #""\u{1B}[2J""#)
  }

  @Test("An ignored attribute is marked so")
  func ignored() {
    let bytes = message(
      "00 08 00 14 \(Hexadecimal.text([UInt8](repeating: 1, count: 20))) 80 22 00 00")
    #expect(
      STUNAnnotation.fields(of: bytes).contains {
        $0.name == "SOFTWARE"
          && $0.meaning.hasSuffix("ignored, for it follows an integrity attribute")
      })
  }
}
