import STUNCodec
import Testing

@Suite struct HexTests {
  @Test("Every byte written as text reads back as itself")
  func roundTrip() throws {
    let bytes = (UInt8.min ... .max).map { $0 }
    #expect(try Hex.bytes(Hex.text(bytes)) == bytes)
    #expect(try Hex.bytes(Hex.text(bytes).uppercased()) == bytes)
  }

  @Test("Spaces, line ends and colons separate bytes, and nothing need")
  func separators() throws {
    #expect(try Hex.bytes("21:12 a4\n42") == [0x21, 0x12, 0xA4, 0x42])
    #expect(try Hex.bytes("2112A442") == [0x21, 0x12, 0xA4, 0x42])
    #expect(try Hex.bytes("") == [])
  }

  @Test("What is no digit is reported where it stands")
  func notADigit() {
    let error = #expect(throws: HexError.self) { try Hex.bytes("21 1x") }
    #expect(error?.offset == 4)
    #expect(error?.isLoneDigit == false)
    #expect(error?.description == "The character at position 4 is not a hexadecimal digit.")
  }

  @Test("A digit alone is reported, in the middle and at the end", arguments: ["2 12", "21 1"])
  func loneDigit(text: String) {
    let error = #expect(throws: HexError.self) { try Hex.bytes(text) }
    #expect(error?.isLoneDigit == true)
  }
}
