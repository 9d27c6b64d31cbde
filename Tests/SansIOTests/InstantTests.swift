import SansIO
import Testing

@Suite struct InstantTests {
  @Test(
    "An instant prints as seconds with no needless digits",
    arguments: [
      (Int64(0), "0 s"), (1_500_000_000, "1.5 s"), (1_000, "0.000001 s"), (-250_000_000, "-0.25 s"),
      (7_440_000_000_000, "7440 s"),
    ])
  func description(nanoseconds: Int64, text: String) {
    #expect(Instant(nanoseconds: nanoseconds).description == text)
  }

  @Test("Advancing by a duration and measuring it back give the same duration")
  func advanceAndMeasure() {
    let start = Instant.milliseconds(40)
    let end = start.advanced(by: .seconds(39.5))
    #expect(start.duration(to: end) == .seconds(39.5))
    #expect(start < end)
  }

  @Test("Time that leaves the timeline stops at its end")
  func saturates() {
    let end = Instant(nanoseconds: .max)
    #expect(Instant.seconds(.max) == end)
    #expect(Instant.milliseconds(.min).nanoseconds == .min)
    #expect(end.advanced(by: .seconds(1)) == end)
    #expect(Instant.zero.advanced(by: .seconds(Int64.max)) == end)
    #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
    #expect(Instant(nanoseconds: .min).duration(to: end) > .seconds(18_000_000_000))
  }
}
