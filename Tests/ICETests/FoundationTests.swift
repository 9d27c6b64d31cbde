import ICE
import Testing

@Suite struct FoundationTests {
  private static let iceChars = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

  @Test("A foundation of every length reads back, with every ice-char in every position")
  func everyPosition() {
    for length in 1...32 {
      for position in 0..<length {
        for character in Self.iceChars {
          var text = Array(repeating: Character("A"), count: length)
          text[position] = character
          #expect(CandidateFoundation(text: String(text))?.description == String(text))
        }
      }
    }
  }

  @Test("Foundations are equal if their texts are, trailing As included")
  func equality() throws {
    let texts =
      ["A", "AA", "B", "AB", "BA", "1", "11", String(repeating: "A", count: 32)]
      + (0..<32).map { String(repeating: "/", count: $0 + 1) }
    for one in texts {
      for other in texts {
        let (left, right) = (CandidateFoundation(text: one), CandidateFoundation(text: other))
        #expect((left == right) == (one == other))
        #expect(one != other || left?.hashValue == right?.hashValue)
      }
    }
    #expect(Set(texts.compactMap { CandidateFoundation(text: $0) }).count == texts.count)
  }

  @Test("Every byte that is no ice-char, no character and 33 are no foundation")
  func invalid() {
    for byte in UInt8.min...127 {
      let character = Character(UnicodeScalar(byte))
      #expect(
        (CandidateFoundation(text: String(character)) != nil) == Self.iceChars.contains(character))
    }
    #expect(CandidateFoundation(text: "ü") == nil)
    #expect(CandidateFoundation(text: "") == nil)
    #expect(CandidateFoundation(text: String(repeating: "a", count: 33)) == nil)
  }

  @Test(
    "A number is its decimal digits",
    arguments: [0, 1, 9, 10, 4_294_967_295] as [UInt32])
  func numbers(number: UInt32) {
    #expect(CandidateFoundation(number: number).description == String(number))
    #expect(CandidateFoundation(number: number) == CandidateFoundation(text: String(number)))
  }

  @Test("A literal that is no foundation stops the program")
  func literal() async {
    await #expect(processExitsWith: .failure) { _ = CandidateFoundation(stringLiteral: "a b") }
  }

  @Test("A pair's foundation keeps the two sides apart")
  func pairs() {
    let one = CandidatePair.Foundation(local: "1", remote: "11")
    #expect(one != CandidatePair.Foundation(local: "11", remote: "1"))
    #expect(one == CandidatePair.Foundation(local: "1", remote: "11"))
    #expect(one.description == "1:11")
  }
}
