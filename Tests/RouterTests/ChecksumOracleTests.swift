import TestSupport
import Testing

/// The oracle that the other tests ask can itself say no.
@Suite struct ChecksumOracleTests {
  /// UDP from 10.0.0.2:5000 to 203.0.113.9:3478 with five bytes of payload, summed by hand.
  let packet: [UInt8] = [
    0x45, 0x00, 0x00, 0x21, 0x12, 0x34, 0x00, 0x00, 0x40, 0x11, 0x22, 0x8D,
    0x0A, 0x00, 0x00, 0x02, 0xCB, 0x00, 0x71, 0x09, 0x13, 0x88, 0x0D, 0x96,
    0x00, 0x0D, 0x54, 0xD8, 0x68, 0x65, 0x6C, 0x6C, 0x6F,
  ]

  @Test("The plain sum of RFC 1071 §3's example is the one given there")
  func example() {
    #expect(onesComplementSum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == 0xDDF2)
  }

  @Test("A packet with right checksums has none that is wrong")
  func right() {
    #expect(wrongChecksums(of: packet) == [])
    #expect(wrongChecksums(ofFragments: [packet]) == [])
  }

  @Test("Every flipped bit that a checksum covers is found")
  func flipped() {
    // The version, the header's length and the protocol say where to look, so they stay.
    for index in packet.indices where index != 0 && index != 9 {
      for bit in 0..<8 where !(index == 6 || index == 7) {
        var damaged = packet
        damaged[index] ^= 1 << bit
        // Source and destination are covered twice.
        let wrong = (12..<20).contains(index) ? 2 : 1
        #expect(wrongChecksums(of: damaged).count == wrong, "byte \(index), bit \(bit)")
      }
    }
  }
}
