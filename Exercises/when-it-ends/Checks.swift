import Testing

@testable import Answer

@Suite struct WhenItEndsChecks {
  @Test("One packet keeps a mapping for the timeout")
  func one() {
    #expect(
      mappingEnds(sent: [10], received: [], timeout: 300) == 310, "It was sent at 10 s, not at 0 s")
  }

  @Test("Each packet from the inside starts the clock anew")
  func refreshed() {
    #expect(
      mappingEnds(sent: [0, 250], received: [], timeout: 300) == 550,
      "The last one went out at 250 s, and 250 + 300 is 550")
    #expect(
      mappingEnds(sent: [0, 20, 40, 60], received: [], timeout: 30) == 90,
      "A keepalive every 20 s, the last at 60 s")
  }

  @Test("Packets from the outside prolong nothing")
  func received() {
    #expect(
      mappingEnds(sent: [0], received: [100, 299], timeout: 300) == 300,
      "The packets at 100 s and 299 s got in, and the clock went on")
  }

  @Test("What is sent too late does not bring it back")
  func tooLate() {
    #expect(
      mappingEnds(sent: [0, 400], received: [], timeout: 300) == 300,
      "At 300 s the mapping was gone; the packet at 400 s makes another one")
    #expect(
      mappingEnds(sent: [0, 20, 80, 90], received: [], timeout: 30) == 50,
      "From 20 s to 80 s nothing was sent: it was gone at 50 s")
  }

  @Test("At the very second of its end it is gone")
  func exactly() {
    #expect(
      mappingEnds(sent: [0, 300], received: [], timeout: 300) == 300,
      "After exactly 300 s it is gone; after 299 s it was still there")
  }
}
