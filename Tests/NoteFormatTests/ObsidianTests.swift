import Testing

@testable import NoteFormat

/// What notes hold beyond CommonMark, apart from tables.
@Suite struct ObsidianTests {
  func blocks(_ text: String) throws -> [Block] { try step(text).0.steps[0].blocks }

  func inlines(_ text: String) throws -> [Inline] { try blocks(text).first?.inlines ?? [] }

  // MARK: Callouts

  @Test("A quote that opens with a kind in brackets is a callout, with title and folding")
  func callouts() throws {
    guard
      case .callout(let callout) = try blocks("> [!warning]- The *title*\n> Text.\n>\n> - more\n")[
        0
      ]
      .content
    else {
      Issue.record("no callout")
      return
    }
    #expect(callout.kind == "warning")
    #expect(callout.folding == .closed)
    #expect(callout.title.plainText == "The title")
    #expect(callout.blocks.count == 2)
    #expect(callout.blocks[0].inlines.plainText == "Text.")
  }

  @Test(
    "The kind is written in any case, alone or with a plus, and is the title where there is none",
    arguments: [
      ("> [!NOTE]\n> x\n", "note", Callout.Folding.none, "Note"),
      ("> [!tip]+ Do\n", "tip", .open, "Do"),
      ("> [!info|wide] Do\n", "info", .none, "Do"),
    ])
  func calloutKinds(text: String, kind: String, folding: Callout.Folding, title: String) throws {
    guard case .callout(let callout) = try blocks(text)[0].content else {
      Issue.record("no callout")
      return
    }
    #expect(callout.kind == kind)
    #expect(callout.folding == folding)
    #expect(callout.displayTitle.plainText == title)
  }

  @Test("Other quotes stay quotes", arguments: ["> a [!note]\n", "> [!]\n", "> [! x]\n", "> x\n"])
  func quotes(text: String) throws {
    guard case .quote = try blocks(text)[0].content else {
      Issue.record("no quote: \(text)")
      return
    }
  }

  @Test("What a callout holds is read as elsewhere: examples, callouts, tables")
  func insideCallouts() throws {
    let (note, _) = try step("> [!note]\n> > [!tip]\n> > ```swift id=a\n> > print(1)\n> > ```\n")
    #expect(note.examples.map(\.id) == ["a"])
  }

  // MARK: Lists and lines

  @Test("Items with a box are ticked or not, and others have none")
  func tasks() throws {
    guard
      case .list(let list) = try blocks("- [ ] a\n- [x] b\n- [X] *c*\n- d\n- [y] e\n")[0].content
    else {
      Issue.record("no list")
      return
    }
    #expect(list.boxes == [0: false, 1: true, 2: true])
    #expect(list.items.map { $0[0].inlines.plainText } == ["a", "b", "c", "d", "[y] e"])
  }

  @Test("Two tildes strike through what is between them, with its emphasis")
  func strikethrough() throws {
    #expect(
      try inlines("a ~~b *c*~~ d\n") == [
        .text("a "), .strikethrough([.text("b "), .emphasis([.text("c")])]), .text(" d"),
      ])
  }

  @Test(
    "Tildes that pair with none are text",
    arguments: ["a ~~ b ~~ c", "~~a", "a~~", "~a~", "~~~a~~~ b", "~~~~", "\\~~a\\~~", "`~~a~~` ~~"])
  func tildes(text: String) throws {
    let found = try inlines("x " + text + "\n")
    #expect(!found.contains { if case .strikethrough = $0 { true } else { false } }, "\(found)")
    let plain = text.replacing("\\", with: "").replacing("`", with: "")
    #expect(found.plainText == "x " + plain)
  }

  // MARK: Formulas

  @Test("A formula keeps what CommonMark would take for escapes and emphasis")
  func formulas() throws {
    #expect(
      try inlines("$a\\,b_1*c*$ and $x_2$.\n") == [
        .math(Formula(text: "a\\,b_1*c*", isDisplay: false)), .text(" and "),
        .math(Formula(text: "x_2", isDisplay: false)), .text("."),
      ])
    #expect(
      try inlines("a $$x$$ b\n").dropFirst().first == .math(Formula(text: "x", isDisplay: true)))
  }

  @Test("Formulas on lines of their own keep their lines, also in lists and quotes")
  func displayFormulas() throws {
    for (before, prefix) in [("", ""), ("- ", "  "), ("> ", "> ")] {
      let text = "\(before)x\n\(prefix)\n\(prefix)$$\n\(prefix)a\n\(prefix)- b\n\(prefix)$$\n"
      var found: [Inline] = []
      let (note, _) = try step(text + "\nafter\n")
      note.blocks.forEachNested { found += $0.inlines }
      #expect(found.contains(.math(Formula(text: "a\n- b", isDisplay: true))), "\(text): \(found)")
      #expect(found.last == .text("after"), "\(found)")
    }
    #expect(
      try inlines("$$ a\nb $$\n") == [.math(Formula(text: "a\nb", isDisplay: true))])
  }

  @Test(
    "Prices, code and escaped signs are no formulas",
    arguments: ["$5 and $10", "a $ b $", "`$x$`", "\\$x\\$", "$x", "$$", "$$ $$"])
  func dollars(text: String) throws {
    let found = try inlines(text + "\n")
    #expect(!found.contains { if case .math = $0 { true } else { false } }, "\(found)")
  }

  @Test("Code is as it is written")
  func code() throws {
    let text = "```sh\necho $a$ [^1] \\~\n$$\nx\n$$\n```\n\n[^1]: y $z$\n\nuse[^1]\n"
    guard case .code(let code) = try blocks(text)[0].content else {
      Issue.record("no code")
      return
    }
    #expect(code.text == "echo $a$ [^1] \\~\n$$\nx\n$$\n")
  }

  @Test("An address keeps its dollar signs, and other text its noncharacters")
  func addresses() throws {
    guard case .link(let link) = try inlines("[a](https://x.org/$b$c) $d$\n").first else {
      Issue.record("no link")
      return
    }
    #expect(link.destination == "https://x.org/$b$c")
    let odd = [0xFDD0, 0x37, 0xFDD1].compactMap { Unicode.Scalar($0 as UInt32) }.map(String.init)
    #expect(try inlines(odd.joined() + " $d$\n").first == .text(odd.joined() + " "))
  }

  // MARK: Footnotes

  @Test("Footnotes are numbered in the order of the text, and keep all of their paragraphs")
  func footnotes() throws {
    let (note, _) = try step(
      "a[^two] b[^one]\n\n[^one]: word\n[^two]: first\n\n    second\n\nafter\n")
    #expect(note.footnotes.map(\.name) == ["two", "one"])
    #expect(note.footnotes.map(\.number) == [1, 2])
    let texts = note.footnotes.map { $0.blocks.map(\.inlines.plainText) }
    #expect(texts == [["first", "second"], ["word"]])
    #expect(note.steps[0].blocks.map(\.inlines.plainText) == ["a b", "after"])
  }

  @Test("A reference that nothing defines is text, and a footnote may refer to itself")
  func oddFootnotes() throws {
    #expect(try inlines("a[^x]\n") == [.text("a[^x]")])
    let (note, _) = try step("a[^b]\n\n[^b]: see [^b]\n")
    #expect(note.footnotes(of: note.blocks).map(\.name) == ["b"])
  }

  @Test("A footnote does not swallow the list before it")
  func footnoteBehindList() throws {
    let (note, _) = try step("+ a[^b]\n\n[^b]: c\n")
    #expect(note.footnotes.count == 1)
    guard case .list(let list) = note.steps[0].blocks[0].content else {
      Issue.record("no list")
      return
    }
    #expect(list.items.count == 1)
  }

  // MARK: Names and embeddings

  @Test("A block's name is taken from its end, or from the line below it")
  func references() throws {
    let found = try blocks("Words. ^one\n\n- a\n- b\n\n^two\n\n2^3 and x ^not this\n\nc\n^three\n")
    #expect(found.map(\.reference) == ["one", "two", nil, "three"])
    #expect(found[0].inlines.plainText == "Words.")
    #expect(found[2].inlines.plainText == "2^3 and x ^not this")
    #expect(found[3].inlines.plainText == "c")
  }

  @Test("A picture is embedded by its name, a note by its part, another file by a link")
  func embeddings() throws {
    #expect(
      try inlines("![[a b.png]] ![[c.jpg|words]] ![[d.svg|30x40]]\n") == [
        .image(source: "a b.png", description: []), .text(" "),
        .image(source: "c.jpg", description: [.text("words")]), .text(" "),
        .image(source: "d.svg", description: []),
      ])
    guard case .embed(let link) = try inlines("![[Home#^x]]\n").first else {
      Issue.record("no embedding")
      return
    }
    #expect(link.target == "Home")
    #expect(link.section == "^x")
    guard case .wikiLink = try inlines("![[a.pdf]]\n").first else {
      Issue.record("no link")
      return
    }
  }

  @Test("Pictures and names of blocks that are there are no errors, and those that are not are")
  func problems() throws {
    func note(_ text: String, _ file: String) throws -> Note {
      try Note.parse(Array(text.utf8), file: file).note
    }
    let course = Course([
      try note("# Home\n\n- x ^here\n", "Home.md"),
      try note("# B\n\n![[p.png]] [[q.pdf]] [[Home#^here]] [[Home#^gone]]\n", "B.md"),
    ])
    #expect(course.problems.map(\.message) == ["note 'Home' has no block '^gone'"])
  }

  @Test("An embedding holds the part below a heading, up to the next of its level")
  func embeddedParts() throws {
    let text = "# A\n\nx\n\n## B\n\ny ^n\n\n### C\n\nz\n\n## D\n\n```swift id=e\nprint(1)\n```\n"
    let note = try Note.parse(Array(text.utf8), file: "A.md").note
    let course = Course([note])
    func texts(_ section: String?) -> [String]? {
      let link = WikiLink(
        target: "A", section: section, label: nil, position: SourcePosition(line: 1, column: 1))
      return course.embedding(link, in: note)?.blocks.map(\.inlines.plainText)
    }
    #expect(texts("B") == ["y", "C", "z"])
    #expect(texts("C") == ["z"])
    #expect(texts("^n") == ["y"])
    #expect(texts(nil) == ["x", "B", "y", "C", "z", "D", ""])
    #expect(texts("nothing") == nil)
  }

  // MARK: Raw HTML and front matter

  @Test("Raw HTML keeps its words, its breaks and its pictures")
  func html() throws {
    #expect(
      RawHTML.text(of: "<div a='b'>\n<b>x</b> &amp; y<!-- z -->\n</div><script>s</script>")
        == "x & y")
    #expect(RawHTML.text(of: "<p>a<p>b <img src=\"c.png\" alt='d'>") == "a\nb [picture: d, c.png]")
    #expect(RawHTML.text(of: "a < b") == "a < b")
    #expect(
      try inlines("a<br>b <img src=\"c.png\">\n") == [
        .text("a"), .lineBreak, .text("b "), .image(source: "c.png", description: []),
      ])
  }

  @Test("The front matter's title is that of a note without a heading")
  func frontMatter() throws {
    let (note, _) = try parse("---\ntags:\n  - x\ntitle: \"A name\"\naliases: b\n---\ntext\n")
    #expect(note.title == "A name")
    #expect(note.aliases == ["b"])
    #expect(note.introduction.count == 1)
  }
}
