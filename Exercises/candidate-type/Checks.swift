import ICE
import Testing

@testable import Answer

@Suite struct CandidateTypeChecks {
  @Test("126 is a host candidate, whatever follows it")
  func host() {
    #expect(
      candidateType(ofPriority: 2_130_706_431) == .host, "2130706431 begins with the byte 126")
    #expect(
      candidateType(ofPriority: 2_122_260_223) == .host,
      "2122260223, as Chrome has it, begins with 126 as well; only the bytes behind it differ")
  }

  @Test("100 is server-reflexive, and 110 peer-reflexive")
  func reflexive() {
    #expect(
      candidateType(ofPriority: 1_694_498_815) == .serverReflexive,
      "1694498815 begins with the byte 100: a server saw that address")
    #expect(
      candidateType(ofPriority: 1_862_270_975) == .peerReflexive,
      "1862270975 begins with the byte 110: the peer saw that address")
  }

  @Test("0, 1 and 2 are relayed")
  func relayed() {
    #expect(candidateType(ofPriority: 16_777_215) == .relayed, "16777215 begins with the byte 0")
    #expect(candidateType(ofPriority: 25_108_223) == .relayed, "25108223 begins with the byte 1")
    #expect(candidateType(ofPriority: 41_885_439) == .relayed, "41885439 begins with the byte 2")
  }

  @Test("Every other byte is nil")
  func others() {
    for byte in [3, 99, 101, 109, 111, 125, 127] as [UInt32] {
      let type = candidateType(ofPriority: byte << 24 + 65_535)
      // One byte that comes out wrong says enough.
      guard type == nil else {
        #expect(type == nil, "The first byte is \(byte), and no type has that")
        return
      }
    }
  }
}
