import Terminal
import Testing

@Suite struct StyleTests {
  @Test("Neighbouring runs of one style are joined, and empty ones dropped")
  func joins() {
    let text: StyledText = "a" + StyledText("b") + StyledText("", .code) + StyledText("c", .code)
    #expect(text.spans == [StyledSpan("ab"), StyledSpan("c", .code)])
  }

  @Test("A literal can hold styled parts")
  func interpolation() {
    let text: StyledText = "\("passed", .success) in \(3) ms \(StyledText("x", .code))"
    #expect(
      text.spans == [
        StyledSpan("passed", .success), StyledSpan(" in 3 ms "), StyledSpan("x", .code),
      ])
  }

  @Test(
    "Line feeds cut a text into lines, styles kept",
    arguments: [
      ("", [""]), ("a", ["a"]), ("a\nb", ["a", "b"]), ("\n", ["", ""]),
      ("a\n\nb\n", ["a", "", "b", ""]),
      ("a\r\nb", ["a\r", "b"]),
    ])
  func lines(text: String, lines: [String]) {
    #expect(StyledText(text, .code).lines == lines.map { StyledText($0, .code) })
  }

  @Test("A default role leaves runs alone that have a role")
  func defaulting() {
    let text = ("a" + StyledText("b", .code)).defaulting(to: .quote)
    #expect(text.spans == [StyledSpan("a", .quote), StyledSpan("b", .code)])
  }

  @Test("Texts are joined with a separator between them")
  func joined() {
    #expect(["a", "b", "c"].map { StyledText($0) }.joined(separator: ", ").text == "a, b, c")
  }
}
