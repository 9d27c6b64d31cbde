import Testing

@testable import Answer

@Suite struct ScheduleTheRefreshesChecks {
  @Test("An allocation is renewed before its life ends")
  func once() {
    #expect(
      refreshTimes(lifetimes: [600], margin: 60, until: 900) == [540],
      "It lives until second 600, and is renewed 60 s before")
    #expect(
      refreshTimes(lifetimes: [600], margin: 60, until: 500) == [],
      "The call is over before anything need be renewed")
  }

  @Test("From a renewal on it lives as long again")
  func again() {
    #expect(
      refreshTimes(lifetimes: [600], margin: 60, until: 1800) == [540, 1080, 1620],
      "Renewed in second 540, it lives until 1140; so the next time is 1080")
  }

  @Test("A permission and an allocation have a clock each")
  func two() {
    #expect(
      refreshTimes(lifetimes: [600, 300], margin: 60, until: 1000)
        == [240, 480, 540, 720, 960],
      "The permission is renewed every 240 s, the allocation every 540 s")
  }

  @Test("A second in which two are renewed is there once")
  func merged() {
    #expect(
      refreshTimes(lifetimes: [600, 600], margin: 60, until: 1200) == [540, 1080],
      "Allocation and channel are renewed in the same second")
  }

  @Test("When the call is over nothing is renewed")
  func over() {
    #expect(
      refreshTimes(lifetimes: [300], margin: 60, until: 480) == [240],
      "In second 480 the call is over")
  }
}
