import Testing

@testable import Answer

@Suite struct ComputeTheJitterChecks {
  @Test("If all take equally long there is none")
  func steady() {
    #expect(jitter(of: []) == 0, "Nothing has come yet")
    #expect(jitter(of: [(160, 9000)]) == 0, "A single packet cannot be later than the one before")
    #expect(
      jitter(of: [(0, 400), (160, 560), (320, 720)]) == 0, "Each was 400 units on its way: 50 ms")
  }

  @Test("A change of the transit counts for a sixteenth")
  func late() {
    #expect(
      jitter(of: [(0, 400), (160, 720)]) == 10,
      "The second one took 560 units, 160 more than the first: a sixteenth of 160")
  }

  @Test("Earlier counts as much as later")
  func early() {
    #expect(
      jitter(of: [(0, 560), (160, 560)]) == 10,
      "The transits are 560 and 400: it has changed by 160, whatever the sign")
  }

  @Test("Each packet is compared with the one before")
  func before() {
    #expect(
      jitter(of: [(0, 400), (160, 720), (320, 880)]) == 9.375,
      "The transits are 400, 560, 560: from 0 to 10, and then a sixteenth of the way back to 0")
  }

  @Test("A pause in speaking is no jitter")
  func pause() {
    #expect(
      jitter(of: [(0, 400), (8000, 8400), (8160, 8560)]) == 0,
      "Nothing was sent for a second, and the timestamps say so. Each was 400 units on its way")
  }

  @Test("Clocks that begin anew do no harm")
  func wrap() {
    #expect(
      jitter(of: [(4_294_967_200, 50), (64, 210)]) == 0,
      "From 4294967200 to 64 are 160 units, and from 50 to 210 as well")
    #expect(
      jitter(of: [(64, 4_294_967_200), (224, 224)]) == 10,
      "From 4294967200 to 224 are 320 units, and the timestamps are 160 apart")
  }
}
