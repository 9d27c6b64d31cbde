import Testing

@testable import Answer

@Suite struct AskUntilAnsweredChecks {
  private func text(_ now: Int, _ sends: [Int], isAnswered: Bool = false) -> String {
    let step = act(now: now, sends: sends, isAnswered: isAnswered)
    return (step.sends ? "sends, " : "sends nothing, ")
      + (step.wakesAt.map { "wakes at \($0)" } ?? "is done")
  }

  @Test("The first request goes out at once")
  func first() {
    #expect(text(0, []) == "sends, wakes at 500", "Nothing was sent yet; the first wait is 500 ms")
    #expect(text(3000, []) == "sends, wakes at 3500", "The call has begun three seconds later")
  }

  @Test("When a wait is over the request is sent again, and the next wait is twice as long")
  func again() {
    #expect(text(500, [0]) == "sends, wakes at 1500", "The second wait is 1000 ms")
    #expect(text(1500, [0, 500]) == "sends, wakes at 3500", "The third wait is 2000 ms")
  }

  @Test("Once the response is there nothing is sent any more")
  func answered() {
    #expect(
      text(509, [0, 500], isAnswered: true) == "sends nothing, is done",
      "The response to the second send has come after 9 ms")
    #expect(
      text(1500, [0, 500], isAnswered: true) == "sends nothing, is done",
      "The wait is over, but the response was in time")
  }

  @Test("Woken too early it waits on, for the same moment")
  func early() {
    #expect(
      text(200, [0]) == "sends nothing, wakes at 500",
      "Another packet has come after 200 ms: the first wait ends at 500, as before")
    #expect(
      text(3499, [0, 500, 1500]) == "sends nothing, wakes at 3500", "One more millisecond to wait")
  }

  @Test("A timer that is late does not make the next wait shorter")
  func late() {
    #expect(
      text(520, [0]) == "sends, wakes at 1520", "It sends at 520, and waits for 1000 ms from then")
  }

  @Test("After the seventh send it waits eight seconds, and gives up")
  func givesUp() {
    let six = [0, 500, 1500, 3500, 7500, 15500]
    #expect(text(31500, six) == "sends, wakes at 39500", "The seventh send, and the last wait")
    #expect(
      text(35000, six + [31500]) == "sends nothing, wakes at 39500", "The last wait is not over")
    #expect(text(39500, six + [31500]) == "sends nothing, is done", "Seven sends are enough")
  }
}
