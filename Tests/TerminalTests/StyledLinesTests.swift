import Glibc
import SansIO
import Testing

@testable import Terminal

/// Texts of words that try the ends of lines, in several styles.
private struct TextMaker {
  var random: SeededGenerator
  /// Where spans lead; `StyledLines` has no links.
  var links: [String?] = [nil]
  var pieces = [
    "a", "word", " ", "  ", "a-word-longer-than-a-line", "⊕", "→ §", "é", "1,2", "   x", "≤",
  ]

  mutating func next() -> StyledText {
    let roles: [TextRole] = [.plain, .label, .failure, .muted]
    var text = StyledText()
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let role = roles.randomElement(using: &random) ?? .plain
      let emphasis: Emphasis = Bool.random(using: &random) ? .bold : []
      let link = links.randomElement(using: &random) ?? nil
      text.append(
        StyledSpan(
          pieces.randomElement(using: &random) ?? "", role, emphasis: emphasis, link: link))
    }
    return text
  }
}

private let presentations = [
  Presentation(), Presentation(colour: true, emphasis: true, plain: false, unicode: true),
  Presentation(emphasis: true, plain: false, unicode: false),
  Presentation(plain: true, unicode: false),
]

@Suite struct StyledLinesTests {
  @Test("Texts whose characters take one column each are wrapped as any other text")
  func quickWrapping() {
    var maker = TextMaker(
      random: SeededGenerator(seed: 1), links: [nil, "nat-table", "stun-message"])
    var seen = 0
    for _ in 0..<3000 {
      let text = maker.next()
      let width = Int.random(in: 0...20, using: &maker.random)
      let first = StyledText(["", "- ", "12345678 "].randomElement(using: &maker.random) ?? "")
      let next = StyledText(["", "    "].randomElement(using: &maker.random) ?? "", .muted)
      let quick = text.wrappedPlainColumns(to: width, first: first, continuation: next)
      seen += quick == nil ? 0 : 1
      #expect(
        quick == text.wrappedByCharacter(to: width, first: first, continuation: next),
        "\(text.text.debugDescription) to \(width)")
    }
    #expect(seen == 3000)
  }

  @Test(
    "Texts that need measuring are left to the general way",
    arguments: ["漢", "e\u{301}", "a\tb", "a\nb", "\u{AD}", "\u{1B}", "☀\u{FE0F}", "\u{2028}"])
  func measured(text: String) {
    #expect(StyledText(text).wrappedPlainColumns(to: 8, first: "", continuation: "") == nil)
  }

  @Test("Code is left to the general way, which breaks it elsewhere")
  func code() {
    let text = StyledText("let a = b", .code)
    #expect(text.wrappedPlainColumns(to: 8, first: "", continuation: "") == nil)
    var lines = StyledLines(Presentation())
    lines.append(StyledText("see ") + text, wrappedTo: 10)
    #expect(lines.styledText.map(\.text) == ["see", "let a = b"])
  }

  @Test("Lines in one buffer are those of texts, wrapped and prepared", arguments: presentations)
  func sameLines(presentation: Presentation) {
    var maker = TextMaker(random: SeededGenerator(seed: 2))
    maker.pieces += ["漢字", "\u{1B}", "a\tb", "a\nb"]
    for _ in 0..<1000 {
      let text = maker.next()
      let width = Int.random(in: 1...20, using: &maker.random)
      var lines = StyledLines(presentation)
      lines.append(text, wrappedTo: width, indent: 2)
      lines.append(text)
      let prepared = presentation.prepared(text)
      #expect(
        lines.styledText == prepared.wrapped(to: width, continuation: "  ") + prepared.lines)
    }
  }

  @Test("A writer writes lines in one buffer as it writes texts", arguments: presentations)
  func sameOutput(presentation: Presentation) throws {
    var maker = TextMaker(random: SeededGenerator(seed: 3))
    maker.pieces += ["漢字", "\u{7F}", "\u{A7}"]
    for _ in 0..<100 {
      let texts = (0..<5).map { _ in maker.next() }
      var lines = StyledLines(presentation)
      for text in texts { lines.append(text) }
      #expect(
        written(presentation) { $0.lines(lines) } == Array(presentation.render(texts).utf8))
      #expect(
        written(presentation) { $0.lines(texts) } == Array(presentation.render(texts).utf8))
    }
  }

  private func written(_ presentation: Presentation, _ body: (Writer) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 60_000)
    withPipe { reading, writing in
      let writer = Writer(descriptor: writing, presentation: presentation)
      body(writer)
      writer.line("end")
      writer.flush()
      bytes.removeLast(bytes.count - max(0, read(reading, &bytes, bytes.count)))
    }
    return bytes.dropLast(writtenEnd(presentation).count)
  }

  private func writtenEnd(_ presentation: Presentation) -> [UInt8] {
    Array((presentation.render("end") + "\n").utf8)
  }

  @Test("Lines are as narrow as asked also where signs are spelled in ASCII")
  func foldedBeforeWrapping() {
    var lines = StyledLines(Presentation(plain: true, unicode: false))
    lines.append("an error (RFC 8489 §6.3)", wrappedTo: 24)
    #expect(lines.styledText.map(\.text) == ["an error (RFC 8489", "section 6.3)"])
  }

  @Test("Memory is used again after lines were removed")
  func removed() {
    var lines = StyledLines(Presentation())
    lines.append("one")
    lines.append(StyledText("two", .label))
    lines.removeAll()
    lines.append(StyledText("three", .muted))
    #expect(lines.styledText == [StyledText("three", .muted)])
  }
}
