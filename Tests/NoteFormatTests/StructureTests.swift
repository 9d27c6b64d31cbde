import NoteFormat
import Testing

@Suite struct StructureTests {
  @Test("A note has its number and slug from the file's name and its title from the heading")
  func nameAndTitle() throws {
    let (note, problems) = try parse("# The *NAT* table\n\nWords.\n")
    #expect(note.number == 2)
    #expect(note.slug == "nat-table")
    #expect(note.title == "The NAT table")
    #expect(note.introduction.count == 1)
    #expect(problems.isEmpty)
  }

  @Test("Each second-level heading opens a step that ends before the next")
  func steps() throws {
    let (note, _) = try parse("# T\n\n## One\n\na\n\n### Inner\n\nb\n\n## Two words\n\nc\n")
    #expect(note.steps.map(\.anchor) == ["one", "two-words"])
    #expect(note.steps.map(\.blocks.count) == [3, 1])
    #expect(note.steps[1].range.start == SourcePosition(line: 11, column: 1))
  }

  @Test("Inline styles, code, links and line ends keep their meaning")
  func inlines() throws {
    let (note, _) = try parse("# T\n\na *b* **c** `d` [e](f)\ng\n")
    guard case .paragraph(let inlines) = note.introduction[0].content else {
      Issue.record("no paragraph")
      return
    }
    let link = inlines[7]
    #expect(
      inlines == [
        .text("a "), .emphasis([.text("b")]), .text(" "), .strong([.text("c")]), .text(" "),
        .code("d"), .text(" "),
        link, .softBreak, .text("g"),
      ])
    guard case .link(let target) = link else {
      Issue.record("no link")
      return
    }
    #expect(target.destination == "f")
    #expect(target.label == [.text("e")])
    #expect(target.position == SourcePosition(line: 3, column: 17))
    #expect(inlines.plainText == "a b c d e g")
  }

  @Test("Lists keep their start, their tightness and what their items hold")
  func lists() throws {
    let (note, _) = try parse("# T\n\n3. a\n4. b\n\n- c\n\n  > d\n")
    guard case .list(let ordered) = note.introduction[0].content,
      case .list(let bullets) = note.introduction[1].content
    else {
      Issue.record("no lists")
      return
    }
    #expect(ordered.start == 3)
    #expect(ordered.isTight)
    #expect(ordered.items.count == 2)
    #expect(bullets.start == nil)
    #expect(!bullets.isTight)
    #expect(bullets.items[0].count == 2)
  }

  @Test("Front matter gives aliases and takes no line numbers away")
  func frontMatter() throws {
    let (note, problems) = try parse(
      "---\naliases: [STUN, \"STUN message\"]\ntags: x\n---\n# T\n\n## S\n")
    #expect(note.aliases == ["STUN", "STUN message"])
    #expect(note.title == "T")
    #expect(note.steps[0].range.start.line == 7)
    #expect(problems.isEmpty)
  }

  @Test("Aliases may stand one a line")
  func aliasList() throws {
    #expect(
      try parse("---\naliases:\n  - NAT\n  - 'NAT table'\n---\n# T\n").0.aliases == [
        "NAT", "NAT table",
      ])
  }

  @Test(
    "What breaks a note's outline is told with its place",
    arguments: [
      ("words\n", "1:1: a note starts with its title: a line '# Title'"),
      ("words\n\n# T\n", "3:1: the title must be the first block of the note"),
      ("# T\n\n# U\n", "3:1: a note has one title; make this heading a step with '##'"),
      ("# T\n\n## S\n\n## S\n", "5:1: step 'S' has the name of an earlier one"),
      (
        "# T\n\n<details><summary>Hint</summary>\n\nx\n",
        "3:1: this <details> is never closed; add a line </details>"
      ),
    ])
  func outlineProblems(text: String, problem: String) throws {
    #expect(try parse(text).1.contains(problem))
  }

  @Test("A file without any heading is a note named after the file")
  func noTitle() throws {
    let (note, _) = try parse("just words\n", file: "/tmp/My note.md")
    #expect(note.title == "My note")
    #expect(note.introduction.count == 1)
  }

  @Test("Folded text becomes one block, whether its body has a blank line before it or not")
  func details() throws {
    for text in [
      "# T\n\n<details><summary>More</summary>\n\n*x*\n\n</details>\n",
      "# T\n\n<details><summary>More</summary>*x*</details>\n",
    ] {
      let (note, problems) = try parse(text)
      guard case .details(let details) = note.introduction.first?.content else {
        Issue.record("no details in \(text)")
        continue
      }
      #expect(details.summary == "More")
      #expect(details.blocks.map(\.inlines) == [[.emphasis([.text("x")])]])
      #expect(problems.isEmpty)
    }
  }
}
