import ICE
import Testing

@testable import Answer

@Suite struct TriggerTheCheckChecks {
  /// What is left of a pair's state and of the queue after a check has come for the pair.
  private func after(
    _ pair: Int, _ states: [CandidatePair.State], _ triggered: [Int] = []
  ) -> (states: [CandidatePair.State], triggered: [Int]) {
    var (states, triggered) = (states, triggered)
    checkArrived(for: pair, states: &states, triggered: &triggered)
    return (states, triggered)
  }

  @Test("A pair that waits for its turn goes into the queue")
  func waiting() {
    let (states, triggered) = after(1, [.inProgress, .waiting])
    #expect(triggered == [1], "The peer's check has just come this way: send one back, and soon")
    #expect(
      states == [.inProgress, .waiting], "It waits as before, and nothing happens to the other one")
  }

  @Test("A pair that has failed gets another chance")
  func failed() {
    let (states, triggered) = after(0, [.failed])
    #expect(
      states == [.waiting], "Its check died before the peer had opened its box. Now it is open")
    #expect(triggered == [0], "The next check goes out for this pair")
  }

  @Test("A pair that is frozen is thawed by it")
  func frozen() {
    let (states, triggered) = after(0, [.frozen])
    #expect(states == [.waiting], "Nothing is to be found out from another pair any more")
    #expect(triggered == [0], "The next check goes out for this pair")
  }

  @Test("A check under way is sent anew, and does not wait for its retransmission")
  func underWay() {
    let (states, triggered) = after(0, [.inProgress])
    #expect(states == [.waiting], "The check that is under way was probably lost: it begins anew")
    #expect(triggered == [0], "Half a second of waiting is saved")
  }

  @Test("A pair that has succeeded is left alone")
  func succeeded() {
    let (states, triggered) = after(0, [.succeeded])
    #expect(states == [.succeeded], "What is known needs no further check")
    #expect(
      triggered.isEmpty,
      "Each check would trigger one at the peer's, and that one here: for ever, to and fro")
  }

  @Test("Who comes first is first in the queue, and nobody is in it twice")
  func order() {
    #expect(
      after(0, [.waiting, .waiting, .waiting], [2]).triggered == [2, 0],
      "Pair 2 has come before pair 0, though pair 0 has the higher priority")
    #expect(
      after(0, [.waiting, .waiting, .waiting], [0, 2]).triggered == [0, 2],
      "Pair 0 is in the queue already")
  }
}
