import Capture
import Testing

@Suite struct HexTextTests {
  /// The first 40 bytes of RFC 5769 §2.2.
  let bytes = Array(response.prefix(40))

  @Test(
    "Bytes are read however people write them",
    arguments: [
      "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f722000200008",
      "01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae\n80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20 00 20 00 08",
      "0x0101003c2112A442B7E7A701BC34D686FA87DFAE8022000b7465737420766563746f722000200008",
      "0x01,0x01,0x00,0x3c,0x21,0x12,0xa4,0x42,0xb7,0xe7,0xa7,0x01,0xbc,0x34,0xd6,0x86,0xfa,0x87,0xdf,0xae,0x80,0x22,0x00,0x0b,0x74,0x65,0x73,0x74,0x20,0x76,0x65,0x63,0x74,0x6f,0x72,0x20,0x00,0x20,0x00,0x08",
      "01:01:00:3c:21:12:a4:42:b7:e7:a7:01:bc:34:d6:86:fa:87:df:ae:80:22:00:0b:74:65:73:74:20:76:65:63:74:6f:72:20:00:20:00:08",
      // xxd
      """
      00000000: 0101 003c 2112 a442 b7e7 a701 bc34 d686  ...<!..B.....4..
      00000010: fa87 dfae 8022 000b 7465 7374 2076 6563  ....."..test vec
      00000020: 746f 7220 0020 0008                      tor . ..
      """,
      // hexdump -C
      """
      00000000  01 01 00 3c 21 12 a4 42  b7 e7 a7 01 bc 34 d6 86  |...<!..B.....4..|
      00000010  fa 87 df ae 80 22 00 0b  74 65 73 74 20 76 65 63  |....."..test vec|
      00000020  74 6f 72 20 00 20 00 08                           |tor . ..|
      00000028
      """,
      // Wireshark, "as hex dump", with characters that look like bytes
      """
      0000   01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86   ab cd ef
      0010   fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63   ........test vec
      0020   74 6f 72 20 00 20 00 08                           ad
      """,
      // Wireshark, "as C string"
      #"""
      "\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\x80\x22"
      "\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20\x00\x20\x00\x08"
      """#,
    ])
  func forms(text: String) throws {
    #expect(try HexText.bytes(text) == bytes)
  }

  @Test(
    "What is no byte is refused with line and column",
    arguments: [
      ("01 zz", 1, 4, HexTextError.Problem.notADigit), ("01 0", 1, 4, .loneDigit),
      ("01\n0 2", 2, 1, .loneDigit), ("01\n\n  x", 3, 3, .notADigit), ("", 1, 1, .empty),
      (" \n", 1, 1, .empty), ("0x", 1, 1, .empty),
    ])
  func refused(text: String, line: Int, column: Int, problem: HexTextError.Problem) {
    let error = #expect(throws: HexTextError.self) { try HexText.bytes(text) }
    #expect(error == HexTextError(line: line, column: column, problem: problem))
  }
}
