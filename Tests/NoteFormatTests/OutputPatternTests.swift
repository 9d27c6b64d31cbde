import NoteFormat
import Testing

@Suite struct OutputPatternTests {
  @Test(
    "Text matches itself, and ellipses what they stand for",
    arguments: [
      ("a\nb\n", "a\nb\n", true), ("a\nb\n", "a\nc\n", false), ("", "", true), ("", "a\n", false),
      ("a\n", "a", true), ("a\n", "a\n\n", false), ("a\n...\nd\n", "a\nd\n", true),
      ("a\n...\nd\n", "a\nb\nc\nd\n", true), ("a\n...\nd\n", "a\nb\nd\nc\n", false),
      ("...\n", "", true), ("...\nb\n...\nb\n", "a\nb\nb\n", true),
      ("...\nb\n...\nb\n", "b\n", false),
      ("x [..] y\n", "x  y\n", true), ("x [..] y\n", "x 12 y\n", true),
      ("x [..] y\n", "x y\n", false),
      ("[..]\n", "anything\n", true), ("a[..]b[..]c\n", "a1b2c\n", true),
      ("a[..]b[..]c\n", "a1c\n", false),
      ("a[..]a\n", "a\n", false), (" a\n", "a\n", false), ("....\n", "x\n", false),
    ])
  func matching(pattern: String, printed: String, matches: Bool) {
    #expect(OutputPattern(pattern).matches(printed) == matches)
  }

  @Test("Whatever lines an ellipsis is put for, the pattern still matches, and updating keeps it")
  func everyEllipsis() {
    let lines = ["a", "b", "a", "c", "b"]
    let printed = lines.map { $0 + "\n" }.joined()
    for lower in 0...lines.count {
      for upper in lower...lines.count {
        let kept = lines[..<lower] + ["..."] + lines[upper...]
        let pattern = OutputPattern(kept.map { $0 + "\n" }.joined())
        #expect(pattern.matches(printed), "\(kept)")
        #expect(pattern.updated(with: printed) == kept.map { $0 + "\n" }.joined())
      }
    }
  }

  @Test(
    "Updating writes what is printed now, and keeps an ellipsis whose neighbours still stand",
    arguments: [
      ("a\n", "b\n", "b\n"), ("a\n...\nd\n", "a\nx\nd\ne\n", "a\n...\nd\ne\n"),
      ("a\n...\nd\n", "q\n", "q\n"), ("n [..] s\nold\n", "n 12 s\nnew\n", "n [..] s\nnew\n"),
    ])
  func updating(pattern: String, printed: String, updated: String) {
    #expect(OutputPattern(pattern).updated(with: printed) == updated)
  }

  @Test("A pattern of many ellipses over many lines takes no longer than its size")
  func hostilePattern() {
    let pattern = String(repeating: "...\na\n", count: 2_000) + "b\n"
    #expect(!OutputPattern(pattern).matches(String(repeating: "a\n", count: 4_000)))
  }
}
