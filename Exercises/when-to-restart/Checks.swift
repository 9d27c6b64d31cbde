import Testing
import TransportAddress

@testable import Answer

@Suite struct WhenToRestartChecks {
  /// Alice's Wi-Fi, over which the pair sends, and her cable, which was there at first, too.
  private let wifi: IPAddress = "10.0.0.2"
  private let cable: IPAddress = "10.0.0.3"
  private let mobile: IPAddress = "100.64.0.2"

  private func decision(
    _ now: Set<IPAddress>, silence: Int = 4
  ) -> (sends: Bool, restarts: Bool) {
    decide(base: wifi, gathered: [wifi, cable], now: now, silence: silence)
  }

  @Test("As long as all is as it was the call goes on")
  func asItWas() {
    let decision = decision([wifi, cable])
    #expect(decision.sends == true, "The address is there, and Bob has answered 4 s ago")
    #expect(decision.restarts == false, "Nothing has changed")
  }

  @Test("A consent check or two without an answer are no reason")
  func fewLost() {
    let decision = decision([wifi, cable], silence: 29)
    #expect(decision.sends == true, "Consent lasts for 30 s: one more")
    #expect(decision.restarts == false, "The next answer may be on its way")
  }

  @Test("Without consent nothing is sent, and a restart is due")
  func noConsent() {
    let decision = decision([wifi, cable], silence: 30)
    #expect(decision.sends == false, "No answer for 30 s: nobody may be there who wants it")
    #expect(decision.restarts == true, "Only with new names and passwords may she begin again")
  }

  @Test("If the address of the pair is gone a restart is due at once")
  func addressGone() {
    let decision = decision([cable])
    #expect(decision.sends == false, "Nothing can be sent from 10.0.0.2 any more")
    #expect(decision.restarts == true, "The cable is still there, and waiting 30 s helps nobody")
  }

  @Test("If another address is gone the call does not mind")
  func otherGone() {
    let decision = decision([wifi])
    #expect(decision.sends == true, "The pair sends from 10.0.0.2, and that is there")
    #expect(decision.restarts == false, "The cable was not used, and there is nothing new to try")
  }

  @Test("For a new address she restarts, and talks on meanwhile")
  func newAddress() {
    let decision = decision([wifi, cable, mobile])
    #expect(decision.sends == true, "The old way works until a new one is found")
    #expect(decision.restarts == true, "100.64.0.2 is new, and no candidate of hers is there yet")
  }

  @Test("Without any address she waits")
  func none() {
    let decision = decision([])
    #expect(decision.sends == false, "Her host is in no network")
    #expect(decision.restarts == false, "She has no candidate, and no way to offer one")
  }
}
