import ICE
import Testing

@testable import Answer

@Suite struct NominateAPairChecks {
  @Test("The best pair that has succeeded is nominated")
  func best() {
    #expect(
      nominee(states: [.succeeded, .succeeded, .succeeded], isTimeUp: false) == 0,
      "All three work, and the first has the highest priority")
    #expect(
      nominee(states: [.failed, .succeeded, .failed], isTimeUp: false) == 1,
      "It is the only one that works")
  }

  @Test("Only a pair that has succeeded can be nominated")
  func onlyValid() {
    #expect(
      nominee(states: [.inProgress, .waiting], isTimeUp: true) == nil,
      "Nothing is known to work, however long it takes")
    #expect(nominee(states: [.failed], isTimeUp: true) == nil, "The only path does not work")
  }

  @Test("A better pair that may still succeed is waited for")
  func waits() {
    #expect(
      nominee(states: [.inProgress, .succeeded], isTimeUp: false) == nil,
      "A relay has answered, say, and the direct path's check is under way: a moment more")
    #expect(
      nominee(states: [.waiting, .succeeded], isTimeUp: false) == nil,
      "The better pair has not even been tried")
  }

  @Test("When the time is up, the best that works is taken")
  func timeUp() {
    #expect(
      nominee(states: [.inProgress, .succeeded, .succeeded], isTimeUp: true) == 1,
      "Two people want to talk: what is not there yet is not waited for any longer")
  }

  @Test("A worse pair is not waited for")
  func worse() {
    #expect(
      nominee(states: [.succeeded, .inProgress, .waiting], isTimeUp: false) == 0,
      "Whatever comes of the others, it would not be better")
  }
}
