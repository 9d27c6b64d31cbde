import STUNCodec
import Testing

// Pitfall 17.
@Suite struct PacketKindTests {
  @Test("The first byte tells the protocols apart as RFC 7983 §7 lays down")
  func firstByte() {
    for byte in UInt8.min ... .max {
      let expected: PacketKind =
        switch byte {
        case 0...3: .stun
        case 16...19: .zrtp
        case 20...63: .dtls
        case 64...79: .channelData
        case 128...191: .rtp
        default: .unknown
        }
      #expect(PacketKind([byte]) == expected)
    }
    #expect(PacketKind([]) == .unknown)
  }

  @Test("RTCP is known by its second byte, 192 to 223")
  func rtcp() {
    for second in UInt8.min ... .max {
      #expect(PacketKind([0x80, second]) == ((192...223).contains(second) ? .rtcp : .rtp))
    }
  }

  @Test("Every vector is STUN", arguments: Vector.all)
  func vectors(vector: Vector) {
    #expect(PacketKind(vector.bytes) == .stun)
  }
}
