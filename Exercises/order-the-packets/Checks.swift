import Testing

@testable import Answer

@Suite struct OrderThePacketsChecks {
  @Test("What came in order is played in order")
  func inOrder() {
    #expect(playOrder([17, 18, 19]) == [17, 18, 19], "Nothing is to be done about these")
    #expect(playOrder([17]) == [17], "A single one is the earliest and the latest")
    #expect(playOrder([]) == [], "Nothing has come yet")
  }

  @Test("A packet that was overtaken is put back")
  func overtaken() {
    #expect(playOrder([17, 19, 18, 20]) == [17, 18, 19, 20], "19 has overtaken 18")
    #expect(playOrder([18, 17, 19]) == [17, 18, 19], "The first to come was not the first sent")
  }

  @Test("A gap is left for what is lost")
  func lost() {
    #expect(playOrder([17, 19]) == [17, nil, 19], "18 has not come: 20 ms of silence")
    #expect(playOrder([20, 17]) == [17, nil, nil, 20], "18 and 19 are missing between the two")
  }

  @Test("What comes twice is played once")
  func twice() {
    #expect(playOrder([17, 18, 18, 19]) == [17, 18, 19], "Networks double packets now and then")
  }

  @Test("Behind 65535 comes 0")
  func wrap() {
    #expect(
      playOrder([65534, 65535, 0, 1]) == [65534, 65535, 0, 1], "Four packets, one behind the other")
    #expect(playOrder([0, 65535, 1]) == [65535, 0, 1], "65535 was sent before 0")
    #expect(
      playOrder([65534, 1]) == [65534, nil, nil, 1], "65535 and 0 are missing between the two")
  }
}
