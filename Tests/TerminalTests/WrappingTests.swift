import Testing

@testable import Terminal

@Suite struct WrappingTests {
  private func wrap(_ text: StyledText, _ width: Int, _ first: String = "", _ next: String = "")
    -> [String]
  {
    text.wrapped(to: width, first: StyledText(first), continuation: StyledText(next)).map(\.text)
  }

  @Test(
    "Lines break at spaces and nowhere else",
    arguments: [
      ("", [""]), ("one", ["one"]), ("one two", ["one two"]),
      ("one two three", ["one two", "three"]),
      ("one two  three", ["one two", "three"]), ("  one", ["  one"]), ("one   ", ["one"]),
      ("one\ntwo", ["one", "two"]), ("one\n\ntwo", ["one", "", "two"]),
      ("one\u{A0}two three", ["one\u{A0}two", "three"]),
    ])
  func spaces(text: String, lines: [String]) {
    #expect(wrap(StyledText(text), 8) == lines)
  }

  @Test("A word longer than the line is cut, and the rest goes on behind it")
  func longWord() {
    #expect(wrap("a 0123456789abc d", 5) == ["a", "01234", "56789", "abc d"])
  }

  @Test("The first line and the others have their own prefixes")
  func prefixes() {
    #expect(wrap("one two three", 9, "1. ", "   ") == ["1. one", "   two", "   three"])
    #expect(wrap("a\n\nb", 9, "> ", "> ") == ["> a", ">", "> b"])
  }

  @Test("A prefix wider than the line still leaves a column for text")
  func widePrefix() {
    #expect(wrap("ab", 3, "----", "----") == ["----a", "----b"])
  }

  @Test("Code breaks inside only when it fits on no line")
  func code() {
    let text: StyledText = "see \("let a = b", .code) now"
    #expect(wrap(text, 10) == ["see", "let a = b", "now"])
    #expect(wrap(text, 6) == ["see", "let a", "= b", "now"])
  }

  @Test("Wide characters and clusters are never split")
  func clusters() {
    #expect(wrap("漢字漢字", 3) == ["漢", "字", "漢", "字"])
    #expect(wrap("👨‍👩‍👧‍👦👨‍👩‍👧‍👦 e\u{301}e\u{301}e\u{301}", 2) == ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦", "e\u{301}e\u{301}", "e\u{301}"])
    #expect(wrap("漢a", 1) == ["漢", "a"])
  }

  @Test("Styles survive wrapping")
  func styles() {
    let lines = StyledText("one two", .quote, emphasis: .bold).wrapped(to: 4)
    #expect(
      lines.map(\.spans) == [
        [StyledSpan("one", .quote, emphasis: .bold)], [StyledSpan("two", .quote, emphasis: .bold)],
      ])
  }

  @Test("Whatever the width, no line is wider and no character lost", arguments: 2...40)
  func everyWidth(width: Int) {
    let text: StyledText =
      "A NAT \("maps 10.0.0.2:5000 to", .code) 203.0.113.7:40000\tand 漢字 e\u{301} 👍🏽 \("supercalifragilisticexpialidocious", .link)\nnext"
    let lines = text.wrapped(to: width)
    for line in lines { #expect(line.displayWidth <= width) }
    let kept = lines.map(\.text).joined().filter { $0 != " " }
    #expect(kept == text.text.filter { !" \t\n".contains($0) })
  }

  @Test(
    "Cutting a line leaves a mark and keeps to the width",
    arguments: [
      (5, "abcdef", "abcd…"), (6, "abcdef", "abcdef"), (4, "漢字漢字", "漢…"), (1, "abc", "…"),
      (0, "abc", ""), (3, "", ""),
    ])
  func truncated(width: Int, text: String, cut: String) {
    #expect(StyledText(text).truncated(to: width).text == cut)
  }

  @Test("Padding fills up to the width on either side, and cuts nothing")
  func padded() {
    #expect(StyledText("漢").padded(to: 4).text == "漢  ")
    #expect(StyledText("漢").padded(to: 4, alignment: .trailing).text == "  漢")
    #expect(StyledText("long").padded(to: 2).text == "long")
  }

  @Test("A megabyte without a space wraps at once", .timeLimit(.minutes(1)))
  func long() {
    let lines = StyledText(String(repeating: "x", count: 1_000_000)).wrapped(to: 100)
    #expect(lines.count == 10_000)
  }
}
