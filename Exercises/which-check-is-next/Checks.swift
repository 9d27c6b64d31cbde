import ICE
import Testing

@testable import Answer

@Suite struct WhichCheckIsNextChecks {
  @Test("Of the pairs that wait, the best one is next")
  func best() {
    var triggered: [Int] = []
    #expect(
      nextCheck(states: [.waiting, .waiting], triggered: &triggered) == 0,
      "Both wait, and the first has the higher priority")
    #expect(
      nextCheck(states: [.failed, .succeeded, .waiting], triggered: &triggered) == 2,
      "The first two have had their checks")
  }

  @Test("A check under way is not begun a second time")
  func underWay() {
    var triggered: [Int] = []
    #expect(
      nextCheck(states: [.inProgress, .waiting], triggered: &triggered) == 1,
      "The first pair's check is under way, and is sent again by itself if no response comes")
  }

  @Test("If no pair waits, nothing is sent")
  func none() {
    var triggered: [Int] = []
    #expect(
      nextCheck(states: [.inProgress, .failed], triggered: &triggered) == nil,
      "One is under way and one has failed: there is nothing to do")
  }

  @Test("A triggered check goes before all others")
  func triggeredFirst() {
    var triggered = [2]
    #expect(
      nextCheck(states: [.waiting, .waiting, .waiting], triggered: &triggered) == 2,
      "The peer has just checked pair 2: both boxes are open there")
  }

  @Test("What has been sent is out of the queue")
  func removed() {
    var triggered = [2, 1]
    _ = nextCheck(states: [.waiting, .waiting, .waiting], triggered: &triggered)
    #expect(triggered == [1], "Pair 2 had its turn, and pair 1 is next")
  }

  @Test("In the queue the first one comes first, whatever its priority")
  func order() {
    var triggered = [2, 1]
    #expect(
      nextCheck(states: [.waiting, .waiting, .waiting], triggered: &triggered) == 2,
      "Pair 2 was triggered first")
  }
}
