import Testing
import TransportAddress

@testable import Answer

@Suite struct NextDoorChecks {
  @Test("An address of the block is in it")
  func inside() {
    #expect(
      isIn("192.168.1.20", block: "192.168.1.0", bits: 24) == true,
      "24 bits are fixed, and the first three numbers are the same")
    #expect(
      isIn("10.200.3.4", block: "10.0.0.0", bits: 8) == true,
      "Eight bits are fixed: the first number, 10, is all that counts")
  }

  @Test("An address of the next block is not")
  func next() {
    #expect(
      isIn("192.168.2.20", block: "192.168.1.0", bits: 24) == false,
      "Its third number is 2, and the block's is 1")
    #expect(
      isIn("11.0.0.1", block: "10.0.0.0", bits: 8) == false, "Its first number is 11, not 10")
  }

  @Test("A block need not end at a dot")
  func betweenDots() {
    #expect(
      isIn("172.31.255.254", block: "172.16.0.0", bits: 12) == true,
      "12 bits are fixed: all of 172, and four bits of 16, which 31 has, too")
    #expect(
      isIn("172.32.0.1", block: "172.16.0.0", bits: 12) == false,
      "16 is 0001 and four more bits, 32 is 0010 and four more: the 12th bit differs")
    #expect(
      isIn("100.128.0.1", block: "100.64.0.0", bits: 10) == false,
      "100.64.0.0/10 ends at 100.127.255.255")
  }

  @Test("With all bits fixed it is one address, with none it is all")
  func extremes() {
    #expect(
      isIn("10.0.0.3", block: "10.0.0.2", bits: 32) == false, "A /32 is a single address")
    #expect(
      isIn("10.0.0.2", block: "10.0.0.2", bits: 32) == true, "It is the block's own address")
    #expect(isIn("203.0.113.9", block: "0.0.0.0", bits: 0) == true, "A /0 has every address")
  }
}
