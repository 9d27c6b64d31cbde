import STUNCodec
import Testing

@Suite struct AnswerTests {
  // Pitfall 4.
  @Test("Unknown comprehension-required attributes yield a 420 that lists each once, 16 bits each")
  func unknownAttributes() throws {
    let request = try STUNMessage(
      message("7f 00 00 00  ff fe 00 00  7f 01 00 00  7f 00 00 00", type: "0003"))
    let answer = try #require(request.unknownAttributeResponse())
    #expect(
      answer
        == hex(
          """
          01 13 00 24  21 12 a4 42  b7 e7 a7 01  bc 34 d6 86  fa 87 df ae
          00 09 00 15  00 00 04 14  55 6e 6b 6e 6f 77 6e 20 41 74 74 72 69 62 75 74 65 00 00 00
          00 0a 00 04  7f 00 7f 01
          """))
  }

  @Test("Where everything is understood there is nothing to refuse")
  func understood() throws {
    #expect(try STUNMessage(RFC5769.sampleRequest).unknownAttributeResponse() == nil)
  }
}
