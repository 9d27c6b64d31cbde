import STUN
import SansIO
import Testing

@Suite struct RoundTripEstimateTests {
  @Test("Before anything is measured the RTO is 500 ms")
  func initial() {
    #expect(RoundTripEstimate().rto(at: .zero) == .milliseconds(500))
  }

  @Test("The first measurement R gives R + 4 × R/2; the next are smoothed by 1/8 and 1/4")
  func smoothing() {
    var estimate = RoundTripEstimate()
    estimate.measured(.milliseconds(100), at: .zero)
    #expect(estimate.rto(at: .zero) == .milliseconds(300))
    estimate.measured(.milliseconds(180), at: .zero)
    #expect(estimate.smoothed == .milliseconds(110))
    #expect(estimate.variation == .microseconds(57_500))
    #expect(estimate.rto(at: .zero) == .milliseconds(340))
  }

  @Test("It is exact to the millisecond, not rounded up to a second")
  func granularity() {
    var estimate = RoundTripEstimate()
    estimate.measured(.microseconds(1_234), at: .zero)
    #expect(estimate.rto(at: .zero) == .milliseconds(4))
  }

  @Test("After ten minutes a measurement is no longer believed")
  func stale() {
    var estimate = RoundTripEstimate()
    estimate.measured(.milliseconds(10), at: .zero)
    #expect(estimate.rto(at: .seconds(600)) == .milliseconds(30))
    #expect(estimate.rto(at: .seconds(601)) == .milliseconds(500))
  }
}
