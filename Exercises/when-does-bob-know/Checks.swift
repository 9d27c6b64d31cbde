import Testing

@testable import Answer

@Suite struct WhenDoesBobKnowChecks {
  @Test("With trickle each candidate arrives a latency after it was found")
  func trickle() {
    #expect(
      arrivalTimes(found: [0, 17, 86], latency: 40, trickles: true) == [40, 57, 126],
      "Each is sent when it is found, and is 40 ms on its way")
  }

  @Test("Without trickle all arrive together, after the last one was found")
  func whole() {
    #expect(
      arrivalTimes(found: [0, 17, 86], latency: 40, trickles: false) == [126, 126, 126],
      "The message goes out at 86 ms, with all three in it")
  }

  @Test("The last one found need not stand last")
  func order() {
    #expect(
      arrivalTimes(found: [0, 2086, 17], latency: 40, trickles: false) == [2126, 2126, 2126],
      "The second one was found last, at 2086 ms")
    #expect(
      arrivalTimes(found: [0, 2086, 17], latency: 40, trickles: true) == [40, 2126, 57],
      "With trickle the others do not wait for it")
  }

  @Test("Without candidates there is nothing to arrive")
  func none() {
    #expect(arrivalTimes(found: [], latency: 40, trickles: true).isEmpty, "None is found")
    #expect(arrivalTimes(found: [], latency: 40, trickles: false).isEmpty, "None is found")
  }
}
