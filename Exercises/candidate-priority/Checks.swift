import ICE
import Testing

@testable import Answer

@Suite struct CandidatePriorityChecks {
  @Test("The first byte is the type's preference")
  func type() {
    #expect(
      candidatePriority(.host, localPreference: 0, component: 1) >> 24 == 126,
      "2^24 times 126 is 126 shifted by three bytes")
    #expect(
      candidatePriority(.serverReflexive, localPreference: 0, component: 1) >> 24 == 100,
      "2^24 times 100 is 100 shifted by three bytes")
  }

  @Test("The last byte is the component, taken from 256")
  func component() {
    #expect(
      candidatePriority(.host, localPreference: 0, component: 1) & 0xFF == 255,
      "For the first component it is 256 - 1")
    #expect(
      candidatePriority(.host, localPreference: 0, component: 2) & 0xFF == 254,
      "For the second component it is 256 - 2: lower than for the first")
  }

  @Test("Between them stand the two bytes of the local preference")
  func local() {
    #expect(
      candidatePriority(.host, localPreference: 1, component: 1) >> 8 & 0xFFFF == 1,
      "2^8 times the local preference stands just above the last byte")
    #expect(
      candidatePriority(.relayed, localPreference: 65535, component: 1) >> 8 & 0xFFFF == 65535,
      "The highest local preference fills both bytes")
  }

  @Test("Alice's three candidates have the priorities that her agent gave them")
  func alice() {
    #expect(
      candidatePriority(.host, localPreference: 65535, component: 1) == 2_130_706_431,
      "Her host candidate")
    #expect(
      candidatePriority(.serverReflexive, localPreference: 65535, component: 1) == 1_694_498_815,
      "Her server-reflexive candidate")
    #expect(
      candidatePriority(.relayed, localPreference: 65535, component: 1) == 16_777_215,
      "Her relayed candidate")
  }
}
