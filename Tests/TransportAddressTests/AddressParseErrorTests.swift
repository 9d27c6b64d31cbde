import Testing
import TransportAddress

@Suite struct AddressParseErrorTests {
  private func message(for text: String) -> String {
    do throws(AddressParseError) {
      return try TransportAddress(parsing: text).description
    } catch {
      return error.description
    }
  }

  @Test("The error reads as one sentence with the place")
  func sentence() {
    #expect(
      message(for: "10.0.0.256:1")
        == "\"10.0.0.256:1\" is not an address: an octet is more than 255, at byte 7")
  }

  @Test("Control characters are shown escaped")
  func escapes() {
    #expect(!message(for: "\u{1B}[31m10.0.0.1").unicodeScalars.contains("\u{1B}"))
  }

  @Test("A long text is cut in the message and whole in the error")
  func longText() {
    let text = String(repeating: "7", count: 10_000)
    #expect(message(for: text).utf8.count < 200)
    #expect(throws: AddressParseError(text: text, offset: 0, reason: .octetTooLarge)) {
      try IPAddress(parsing: text)
    }
  }
}
