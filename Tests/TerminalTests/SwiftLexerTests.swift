import SansIO
import Terminal
import Testing

@Suite struct SwiftLexerTests {
  /// The runs that are not plain, as `role:text`.
  private func roles(_ source: String) -> [String] {
    StyledText(SwiftLexer.tokens(in: source)).spans
      .filter { $0.role != .plain }.map { "\($0.role):\($0.text)" }
  }

  @Test(
    "Each construct gets its role",
    arguments: [
      ("let a = Agent()", ["keyword:let", "type:Agent"]),
      ("x.init .default self.self", ["keyword:init", "keyword:self", "keyword:self"]),
      ("@Test(\"a\") func f", ["attribute:@Test", "string:\"a\"", "keyword:func"]),
      ("#expect(a) #if DEBUG", ["attribute:#expect", "attribute:#if", "type:DEBUG"]),
      ("// a \"b\"\nx", ["comment:// a \"b\""]),
      ("/* a /* b */ c */ x", ["comment:/* a /* b */ c */"]),
      ("/* open", ["comment:/* open"]),
      ("\"a \\\" b\" x", ["string:\"a \\\" b\""]),
      ("\"a \\(b + (c)) d\"", ["string:\"a \\(", "string:) d\""]),
      ("\"a \\(\"b \\(c)\")\" let", ["string:\"a \\(\"b \\(", "string:)\")\"", "keyword:let"]),
      ("#\"a \\(b) \" \\#(c) d\"# e", ["string:#\"a \\(b) \" \\#(", "string:) d\"#"]),
      (
        "\"\"\"\na \" b \"\" \\(c)\n\"\"\" let",
        ["string:\"\"\"\na \" b \"\" \\(", "string:)\n\"\"\"", "keyword:let"]
      ),
      ("#\"\"\"\n\"\"\" \"\"\"# let", ["string:#\"\"\"\n\"\"\" \"\"\"#", "keyword:let"]),
      ("\"open\nlet x", ["string:\"open", "keyword:let"]),
      ("\"open \\(a\nlet x", ["string:\"open \\(", "keyword:let"]),
      ("\"\" + \"\\\\\"", ["string:\"\"", "string:\"\\\\\""]),
      (
        "0xFF_00 1.5e-3 1...5 2.max 0b10",
        ["number:0xFF_00", "number:1.5e-3", "number:1", "number:5", "number:2", "number:0b10"]
      ),
      ("`let` $0 é漢", []),
      ("a / b * c", []),
    ])
  func roles(source: String, expected: [String]) {
    #expect(roles(source) == expected)
  }

  @Test("The runs put together are the source, whatever the source")
  func roundTrip() {
    let pieces = [
      "\"", "\"\"\"", "#", "##", "\\", "\\(", "\\#(", "(", ")", "/", "*", "/*", "*/", "//", "@",
      "`",
      "\n", "\r\n", " ", "a", "Let", "let", "0", "0x", "1.5e-", ".", "e\u{301}", "\u{301}", "漢",
      "👨‍👩‍👧‍👦",
      "\0", "\u{1B}", "$", "_", "+",
    ]
    var random = SeededGenerator(seed: 42)
    for _ in 0..<20_000 {
      let source = (0..<Int.random(in: 0...30, using: &random))
        .map { _ in pieces.randomElement(using: &random)! }.joined()
      let joined = SwiftLexer.tokens(in: source).reduce(into: "") { $0 += $1.text }
      guard joined.utf8.elementsEqual(source.utf8) else {
        Issue.record("\(source.debugDescription) became \(joined.debugDescription)")
        return
      }
    }
  }

  @Test(
    "A megabyte of any one thing takes linear time and no stack", .timeLimit(.minutes(1)),
    arguments: [
      "\"", "#", "#\"", "\"#", "/*", "*/", "\\(", "\"\\(", "\"\"\"", "\"\"\"\\(", "(", "a", "`",
      "@", "0.",
      "\n", "\"\n", "\"\\(\n", "é",
    ])
  func linear(piece: String) {
    let source = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
    let length = SwiftLexer.tokens(in: source).reduce(0) { $0 + $1.text.utf8.count }
    #expect(length == source.utf8.count)
  }

  @Test("A literal behind a million number signs is no slower", .timeLimit(.minutes(1)))
  func manyHashes() {
    let hashes = String(repeating: "#", count: 500_000)
    let source =
      hashes + "\"" + String(repeating: "\"\\", count: 1000) + hashes.dropLast() + "\"" + hashes
    let joined = SwiftLexer.tokens(in: source).reduce(into: "") { $0 += $1.text }
    #expect(joined == source)
  }

  @Test("Highlighting keeps the source's lines")
  func lines() {
    let source = "let a = \"\"\"\n  b\n  \"\"\"\n"
    #expect(SwiftLexer.highlight(source).map(\.text) == ["let a = \"\"\"", "  b", "  \"\"\"", ""])
  }
}
