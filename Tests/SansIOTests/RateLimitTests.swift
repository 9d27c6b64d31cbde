import SansIO
import Testing

@Suite struct RateLimitTests {
  let limit = RateLimit(interval: .seconds(2), atOnce: 3)

  @Test("So many may happen at once, and one more after each interval")
  func burst() {
    var debt = Instant.zero
    let times: [Instant] = [0, 0, 0, 0, 1, 2, 2, 3, 4].map { .seconds($0) }
    let admitted = times.map { limit.admits(at: $0, debt: &debt) }
    #expect(admitted == [true, true, true, false, false, true, false, false, true])
  }

  @Test("After a long rest it is no more at once than at first")
  func rest() {
    var debt = Instant.zero
    _ = limit.admits(at: .zero, debt: &debt)
    let admitted = (0..<10).count { _ in limit.admits(at: .seconds(1000), debt: &debt) }
    #expect(admitted == 3)
  }

  @Test("Each source has its own debt")
  func sources() {
    var debts = [Instant.zero, .zero]
    while limit.admits(at: .zero, debt: &debts[0]) {}
    #expect(limit.admits(at: .zero, debt: &debts[1]))
  }

  @Test("A limit of none at once lets one through")
  func least() {
    var debt = Instant.zero
    let least = RateLimit(interval: .seconds(1), atOnce: 0)
    #expect(least.admits(at: .zero, debt: &debt))
    #expect(!least.admits(at: .zero, debt: &debt))
  }
}
