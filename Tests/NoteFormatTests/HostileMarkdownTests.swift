import NoteFormat
import SansIO
import Testing

/// A text that tries to make the reader crash, hang or lose its way.
struct HostileText: CustomTestStringConvertible, Sendable {
  var name: String
  var bytes: [UInt8]
  var testDescription: String { name }

  init(_ name: String, _ text: String) {
    self.name = name
    bytes = Array(text.utf8)
  }

  static func times(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  static let all: [HostileText] = [
    HostileText("nothing", ""),
    HostileText("a line of two megabytes", times("x", 2 << 20)),
    HostileText("a quote of 200 000 levels", times(">", 200_000)),
    HostileText(
      "a list of 100 levels with blank lines", times("- ", 100) + "x" + times("\n", 500_000)),
    HostileText("a list of 50 000 levels", times("- ", 50_000) + "x" + times("\n", 200_000)),
    HostileText("numbered lists in lists", times("1. ", 5_000) + "x\n"),
    HostileText(
      "a list deepened line by line", (0..<1_000).map { times(" ", $0) + "- a\n" }.joined()),
    HostileText("brackets", times("[", 300_000)),
    HostileText("wiki brackets", times("[[", 200_000)),
    HostileText("wiki links on one line", times("[[a]] ", 100_000)),
    HostileText("wiki links that are nowhere in the source", times("[[&amp;]] ", 50_000)),
    HostileText("links in links", times("[a](", 100_000)),
    HostileText("pictures in pictures", times("![a](", 60_000)),
    HostileText("emphasis in emphasis", times("*a _", 50_000)),
    HostileText("stars", times("*", 300_000) + "a" + times("*", 300_000)),
    HostileText("folded text in folded text", times("<details><summary>x</summary>\n\n", 20_000)),
    HostileText("open fences", times("```swift id=a\n\n", 20_000)),
    HostileText("fences in a list", times("- ```swift id=a\n", 20_000)),
    HostileText(
      "examples that continue each other",
      (1..<3_000).map { "```swift id=a\($0) after=a\($0 - 1)\n```\n" }.joined()),
    HostileText("front matter without an end", "---\n" + times("aliases: [", 100_000)),
    HostileText("link definitions", (0..<30_000).map { "[\($0)]: /u\n" }.joined()),
    HostileText("a tab by tab indented list", times("\t", 100_000) + "- a\n"),
    HostileText(
      "a table of 1 000 columns and ragged rows",
      times("|a", 1_000) + "|\n" + times("|-", 1_000) + "|\n" + times("a\n", 200_000)),
    HostileText("a table of one column", "|a|\n|-|\n" + times("|`b`|\n", 100_000)),
    HostileText("tables", times("a|b\n-|-\n[c][d]|e\n\n", 20_000) + times("[d]: /u\n", 20_000)),
    HostileText("tables that are none", times("-|-\n-|-|-\n", 60_000)),
    HostileText("bars", times("|", 500_000) + "\n" + times("-|", 250_000) + "\n"),
    HostileText("strikethrough", times("~~a ", 200_000)),
    HostileText("strikethrough in strikethrough", times("~~a~~", 200_000)),
    HostileText("formulas that do not end", times("$a ", 200_000) + times("$$ b\n", 50_000)),
    HostileText("formulas on lines", times("$$\na\n", 100_000)),
    HostileText("formulas and code", times("`$a`` $b$ ", 100_000)),
    HostileText("dollar signs", times("$", 500_000)),
    HostileText("footnotes", (0..<30_000).map { "[^\($0)]: a[^\($0 + 1)]\n" }.joined()),
    HostileText("one footnote many times", times("[^a]: [^a] [^a]\n", 50_000)),
    HostileText("marks of footnotes", times("[^", 200_000) + "\n[^a]: b\n"),
    HostileText("callouts in callouts", times("> ", 99) + "[!note]\n"),
    HostileText("kinds of callouts", times("> [!a]- b\n> c\n\n", 40_000)),
    HostileText("boxes", times("- [ ] [x] a\n", 80_000)),
    HostileText("names of blocks", times("a ^b\n\n^c\n\n", 60_000)),
    HostileText("embeddings", times("![[x.md#^a]] ", 80_000)),
    HostileText("raw tags", times("<div>\n<!--\n\n", 60_000)),
    HostileText("five megabytes", times("word ", 1 << 20)),
  ]
}

@Suite struct HostileMarkdownTests {
  @Test(
    "Hostile text ends in a note or in a problem", .timeLimit(.minutes(1)),
    arguments: HostileText.all)
  func hostile(text: HostileText) {
    do throws(Problem) {
      let (note, _) = try Note.parse(text.bytes, file: "x.md")
      _ = Course([note]).problems
      let functions = ExampleFunctions(of: note)
      _ = note.examples.map { functions.source(of: $0, named: "f").utf8.count }
    } catch {
      #expect(error.position.line >= 1)
    }
  }

  @Test("What nests too deep or is too long is refused in one clear line")
  func refusals() {
    #expect {
      try Note.parse(Array(HostileText.times(">", 101).utf8), file: "x.md")
    } throws: {
      "\($0)" == "x.md:1:1: lists, quotes or emphasis nest deeper than 100 levels; flatten them"
    }
    #expect {
      try Note.parse([UInt8](repeating: 0x61, count: 4 << 20 | 1), file: "x.md")
    } throws: {
      "\($0)" == "x.md:1:1: a note holds at most 4 MiB of text; split this one"
    }
  }

  @Test("Invalid UTF-8, NUL and a byte order mark do no harm")
  func bytes() throws {
    let bytes: [UInt8] =
      [0xEF, 0xBB, 0xBF] + Array("# A".utf8) + [0xFF, 0, 0xC3] + Array("\r\n\rb".utf8)
    let (note, _) = try Note.parse(bytes, file: "x.md")
    #expect(note.title == "A\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(note.introduction[0].range.start.line == 3)
  }

  @Test("Random bytes and random Markdown end in a note or a problem", .timeLimit(.minutes(2)))
  func random() {
    var generator = SeededGenerator(seed: 0x5EED)
    let words = [
      "# ", "## ", "### Question: ", "### Exercise: ", "```swift id=a", "```output", "```",
      "```stun",
      "<details><summary>Answer: 1</summary>", "<details><summary>Hint</summary>", "</details>",
      "\n",
      "\n\n", "1. ", "- ", "> ", "[[a#b|c]]", "[[", "]]", "|", "[a](b)", "*", "_", "`", "\t",
      "    ", "é",
      "---\n", "| a | b |\n", "|-|-|\n", "~~", "$", "$$", "$$\n", "[^1]", "[^1]: ", "> [!note]- ",
      "[ ] ", "[x] ", "![[a]]", "![[a.png]]", " ^b", "\\~", "<br>", "aliases: [x]", " predict",
      " after=a", "00 01", "\u{0}", "<", "&amp;", "\\",
    ]
    for _ in 0..<2_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<60, using: &generator) {
        if Int.random(in: 0..<12, using: &generator) == 0 {
          bytes.append(UInt8.random(in: 0...255, using: &generator))
        } else {
          bytes += Array(words.randomElement(using: &generator)!.utf8)
        }
      }
      guard let (note, _) = try? Note.parse(bytes, file: "x.md") else { continue }
      let lines = bytes.count(where: { $0 == 0x0A || $0 == 0x0D }) + 1
      note.blocks.forEachNested { block in
        #expect(block.range.start.line >= 1 && block.range.start.line <= lines)
      }
    }
  }
}
