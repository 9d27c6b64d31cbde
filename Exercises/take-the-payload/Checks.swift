import Testing

@testable import Answer

@Suite struct TakeThePayloadChecks {
  /// A packet with an IP header of this many units of four bytes.
  private func packet(_ payload: [UInt8], units: UInt8 = 5) -> [UInt8] {
    let header = [0x40 | units] + Array(repeating: UInt8(0x11), count: Int(units) * 4 - 1)
    return header + [0x13, 0x88, 0x13, 0x88, 0, 8 + UInt8(payload.count), 0xEF, 0x11] + payload
  }

  @Test("A call's words come out")
  func words() {
    #expect(
      payload(of: packet([72, 105])) == [72, 105],
      "20 bytes of IP header and 8 of UDP header stand before 72 and 105, which are \"Hi\"")
  }

  @Test("A packet without payload gives no bytes")
  func nothing() {
    #expect(payload(of: packet([])) == [], "The two headers are all that is in this packet")
  }

  @Test("A longer IP header is taken off whole")
  func options() {
    #expect(
      payload(of: packet([1, 2, 3], units: 7)) == [1, 2, 3],
      "The first byte is 0x47: seven units of four bytes, so this IP header has 28 bytes")
    #expect(
      payload(of: packet([9], units: 15)) == [9],
      "The first byte is 0x4f: fifteen units of four bytes, the longest IP header")
  }
}
