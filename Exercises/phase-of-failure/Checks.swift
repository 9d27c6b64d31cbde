import ICE
import Testing

@testable import Answer

@Suite struct PhaseOfFailureChecks {
  private let all: Set<CandidateType> = [.host, .serverReflexive, .relayed]

  private func phase(
    _ types: Set<CandidateType>? = nil, heard: Int = 3, succeeded: Int = 0,
    isSelected: Bool = false, silence: Int = 0, media: Int = 0
  ) -> String? {
    phaseOfFailure(
      types: types ?? all, heard: heard, succeeded: succeeded, isSelected: isSelected,
      silence: silence, media: media)
  }

  @Test("A call with host candidates alone has failed in gathering")
  func gathering() {
    #expect(phase([.host]) == "gathering", "No server has told her anything")
    #expect(
      phase([.host], heard: 0) == "gathering", "Both are missing, and gathering comes first")
  }

  @Test("If nothing was heard of Bob's candidates it was signaling")
  func signaling() {
    #expect(phase(heard: 0) == "signaling", "She has three types, and does not know whom to check")
    #expect(
      phase([.host, .relayed], heard: 0) == "signaling",
      "The café's list has two types, and that is all right")
  }

  @Test("If both lists are there, and no pair has worked, it was the checks")
  func checks() {
    #expect(phase() == "checks", "Three candidates of Bob's, and no pair has succeeded")
  }

  @Test("If pairs have worked and none is selected, it was the nomination")
  func nomination() {
    #expect(phase(succeeded: 2) == "nomination", "Two pairs have succeeded, and none is selected")
  }

  @Test("A pair that has worked proves that gathering was enough")
  func proven() {
    #expect(
      phase([.host], succeeded: 1) == "nomination",
      "In one house host candidates are all that is needed: a pair has succeeded")
  }

  @Test("A selected pair without responses has lost its consent")
  func consent() {
    #expect(
      phase(succeeded: 2, isSelected: true, silence: 30) == "consent",
      "No check was answered for 30 s: she must not send")
  }

  @Test("A selected pair with consent, and no voice, is media's")
  func media() {
    #expect(
      phase(succeeded: 2, isSelected: true, silence: 4) == "media",
      "Bob's agent has answered 4 s ago: the path works both ways")
    #expect(
      phase(succeeded: 2, isSelected: true, silence: 29) == "media", "Consent lasts for 30 s")
  }

  @Test("A call with voice has not failed")
  func works() {
    #expect(
      phase([.host], succeeded: 1, isSelected: true, silence: 4, media: 50) == nil,
      "50 packets a second come in")
  }
}
