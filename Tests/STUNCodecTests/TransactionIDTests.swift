import STUNCodec
import Testing

@Suite struct TransactionIDTests {
  @Test("Twelve bytes make an ID, whose bytes they are again")
  func bytes() {
    let bytes = hex("b7 e7 a7 01 bc 34 d6 86 fa 87 df ae")
    #expect(TransactionID(bytes) == RFC5769.transactionID)
    #expect(RFC5769.transactionID.bytes == bytes)
  }

  @Test("Eleven or thirteen bytes make none", arguments: [0, 11, 13])
  func wrongCount(count: Int) {
    #expect(TransactionID([UInt8](repeating: 1, count: count)) == nil)
  }

  @Test("An ID reads as its 24 digits, leading zeros included")
  func description() {
    #expect("\(TransactionID(high: 0xA, low: 0xB))" == "0000000a000000000000000b")
  }

  @Test("The generator given decides the ID")
  func random() {
    struct Ones: RandomNumberGenerator {
      mutating func next() -> UInt64 { .max }
    }
    var ones = Ones()
    #expect(TransactionID.random(using: &ones) == TransactionID(high: .max, low: .max))
  }
}
