import STUNCodec
import Testing

@Suite struct OpaqueStringTests {
  @Test(
    "What the profile leaves alone stays as it is",
    arguments: [
      "TheMatrIX", "a b", " ~", "\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}", "Zürich",
      "пароль", "κωδικός", "密码", "비밀번호", "סיסמה",
    ])
  func unchanged(text: String) throws {
    #expect(try OpaqueString.prepare(text).utf8.elementsEqual(text.utf8))
  }

  @Test("Spaces of any script become the space", arguments: ["\u{A0}", "\u{2003}", "\u{3000}"])
  func spaces(space: String) throws {
    #expect(try OpaqueString.prepare("a\(space)b") == "a b")
  }

  @Test(
    "What is forbidden, or what would need tables, is refused with its place",
    arguments: [
      ("The\u{AD}M\u{AA}tr\u{2168}", 3), ("a\u{0}", 1), ("a\u{7F}", 1), ("u\u{308}", 1),
      ("é\u{200B}", 2), ("\u{212B}", 0), ("\u{340}", 0), ("か\u{3099}", 3), ("😀", 0),
      ("\u{1100}\u{1161}", 0), ("\u{F900}", 0),
    ])
  func refused(text: String, offset: Int) {
    let error = #expect(throws: OpaqueStringError.self) { try OpaqueString.prepare(text) }
    #expect(error?.byteOffset == offset)
  }

  @Test("An empty text is refused")
  func empty() {
    let error = #expect(throws: OpaqueStringError.self) { try OpaqueString.prepare("") }
    #expect(error?.scalar == nil)
  }

  @Test("No two different scalars that are taken are canonically the same")
  func inert() throws {
    var seen: [Character: UInt32] = [:]
    for value in UInt32(0x21)...0xFFFF {
      guard let scalar = Unicode.Scalar(value),
        let prepared = try? OpaqueString.prepare(String(Character(scalar)))
      else { continue }
      #expect(scalar.properties.canonicalCombiningClass == .notReordered)
      #expect(!scalar.properties.isDefaultIgnorableCodePoint)
      if prepared != " " {
        // Characters compare by canonical equivalence, which is what the normal form decides.
        #expect(seen.updateValue(value, forKey: Character(scalar)) == nil)
      }
    }
    #expect(seen.count > 30_000)
  }
}
