import STUNCodec
import Testing

@Suite struct HexadecimalTests {
  @Test("Every byte written as text reads back as itself")
  func roundTrip() throws {
    let bytes = (UInt8.min ... .max).map { $0 }
    #expect(try Hexadecimal.bytes(Hexadecimal.text(bytes)) == bytes)
    #expect(try Hexadecimal.bytes(Hexadecimal.text(bytes).uppercased()) == bytes)
  }

  @Test("Spaces, line ends and colons separate bytes, and nothing need")
  func separators() throws {
    #expect(try Hexadecimal.bytes("21:12 a4\n42") == [0x21, 0x12, 0xA4, 0x42])
    #expect(try Hexadecimal.bytes("2112A442") == [0x21, 0x12, 0xA4, 0x42])
    #expect(try Hexadecimal.bytes("") == [])
  }

  @Test("What is no digit is reported where it stands")
  func notADigit() {
    let error = #expect(throws: HexadecimalError.self) { try Hexadecimal.bytes("21 1x") }
    #expect(error?.offset == 4)
    #expect(error?.isLoneDigit == false)
    #expect(error?.description == "The character at position 4 is not a hexadecimal digit.")
  }

  @Test("A digit alone is reported, in the middle and at the end", arguments: ["2 12", "21 1"])
  func loneDigit(text: String) {
    let error = #expect(throws: HexadecimalError.self) { try Hexadecimal.bytes(text) }
    #expect(error?.isLoneDigit == true)
  }
}
