import Testing

@testable import Answer

@Suite struct WhereDidItDieChecks {
  @Test("A check that was never sent has not died on the way")
  func notSent() {
    #expect(
      whereItEnds(sent: 0, arrived: 0, answered: 0, returned: 0) == "not sent",
      "Her capture has no request: she knows of no candidate, or the pair was pruned")
  }

  @Test("Requests that Bob's capture does not have end on the way there")
  func there() {
    #expect(
      whereItEnds(sent: 7, arrived: 0, answered: 0, returned: 0) == "on the way there",
      "Seven have left her laptop, and none has come to his: a box has dropped them")
  }

  @Test("Requests that Bob gets and does not answer end at Bob")
  func atBob() {
    #expect(
      whereItEnds(sent: 7, arrived: 7, answered: 0, returned: 0) == "at Bob",
      "All have come to his laptop, and his agent has said nothing")
  }

  @Test("Responses that Alice does not get end on the way back")
  func back() {
    #expect(
      whereItEnds(sent: 7, arrived: 7, answered: 7, returned: 0) == "on the way back",
      "He has answered each, and nothing has come to her")
  }

  @Test("Where a response has come back the pair works")
  func works() {
    #expect(
      whereItEnds(sent: 1, arrived: 1, answered: 1, returned: 1) == nil,
      "One there, and one back")
  }

  @Test("Some that are lost are no fault")
  func someLost() {
    #expect(
      whereItEnds(sent: 4, arrived: 3, answered: 3, returned: 1) == nil,
      "Three are lost, but one has come there and back")
    #expect(
      whereItEnds(sent: 4, arrived: 2, answered: 2, returned: 0) == "on the way back",
      "Two of four have come to Bob: the way there is open")
    #expect(
      whereItEnds(sent: 7, arrived: 1, answered: 0, returned: 0) == "at Bob",
      "One has come to Bob, and that one he might have answered")
  }
}
