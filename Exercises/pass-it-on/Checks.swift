import Testing

@testable import Answer

@Suite struct PassItOnChecks {
  @Test("A router takes one off")
  func one() {
    #expect(passOn(timeToLive: 64) == 63, "It came with 64, and this is one router")
    #expect(passOn(timeToLive: 2) == 1, "It came with 2: one more router may see it")
  }

  @Test("Two routers take two off")
  func two() {
    let first = passOn(timeToLive: 64)
    #expect(first.flatMap(passOn) == 62, "64 at first, 63 after the first router, 62 after both")
  }

  @Test("A packet that would leave with 0 is dropped")
  func last() {
    #expect(passOn(timeToLive: 1) == nil, "1 less 1 is 0, and with 0 no packet is sent")
  }

  @Test("A packet that comes with 0 is dropped, too")
  func none() {
    #expect(passOn(timeToLive: 0) == nil, "Somebody sent it with 0: there is nothing to take off")
  }

  @Test("However often it is sent in a circle, it ends")
  func circle() {
    var timeToLive: UInt8? = 255
    var routers = 0
    while let present = timeToLive, routers < 300 {
      timeToLive = passOn(timeToLive: present)
      routers += 1
    }
    #expect(routers == 255, "The 255th router drops a packet that began with 255")
  }
}
