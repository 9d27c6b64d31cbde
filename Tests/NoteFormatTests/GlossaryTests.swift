import NoteFormat
import Testing

/// The format of the glossary and of the cheat sheets.
@Suite struct GlossaryTests {
  static let file = "notes/reference/glossary.md"

  private func parse(_ text: String) throws -> (glossary: Glossary, problems: [String]) {
    let (glossary, problems) = try Glossary.parse(
      Array(("# Glossary\n\n" + text).utf8), file: Self.file)
    return (glossary, problems.map(\.description))
  }

  static let sample = """
    ## ICE (Interactive Connectivity Establishment)

    It tries everything.

    Taught in [[pairs#Every way]].

    ## mapping

    What a NAT remembers. A packet from inside
    makes it.

    Also: binding, NAT mapping. Taught in [[table#One]],
    [[pairs#Two]].

    ## permission

    Who may come in.

    Coming in note 07.

    """

  @Test("A term has a name, what it is short for, other names, a definition and its steps")
  func terms() throws {
    let (glossary, problems) = try parse(Self.sample)
    #expect(problems == [])
    #expect(glossary.terms.map(\.name) == ["ICE", "mapping", "permission"])
    let (ice, mapping) = (glossary.terms[0], glossary.terms[1])
    #expect(ice.expansion == "Interactive Connectivity Establishment")
    #expect(ice.title == "ICE (Interactive Connectivity Establishment)")
    #expect(mapping.expansion == nil)
    #expect(mapping.aliases == ["binding", "NAT mapping"])
    #expect(mapping.definition.plainText == "What a NAT remembers. A packet from inside makes it.")
    #expect(mapping.lessons.map(\.target) == ["table", "pairs"])
    #expect(mapping.lessons.map(\.section) == ["One", "Two"])
    #expect(mapping.position == SourcePosition(line: 9, column: 1))
    #expect(glossary.terms[2].comingNote == 7)
    #expect(glossary.terms[2].lessons.isEmpty)
  }

  @Test("A term is found by each of its names, whatever their case, and in the plural")
  func lookUp() throws {
    let glossary = try parse(Self.sample).glossary
    for name in [
      "mapping", "Mapping", "MAPPINGS", "binding", "bindings", "nat-mapping", "NAT mappings",
    ] { #expect(glossary.term(named: name)?.name == "mapping", "\(name)") }
    #expect(glossary.term(named: "interactive connectivity establishment")?.name == "ICE")
    #expect(glossary.term(named: "ice")?.name == "ICE")
    #expect(glossary.term(named: "map") == nil)
    #expect(glossary.term(named: "") == nil)
    #expect(glossary.term(named: "a mapping of ICE") == nil)
  }

  @Test("Letters find the terms that begin with them, and then those with such a word inside")
  func letters() throws {
    let glossary = Glossary(
      try ["NAT", "private address", "transport address", "address"].map { name in
        try #require(
          parse("## \(name)\n\nA word.\n\nTaught in [[a#b]].\n").glossary.terms.first)
      })
    func found(_ letters: String) -> [String] {
      glossary.terms(beginningWith: letters).map(\.name)
    }
    #expect(found("add") == ["address", "private address", "transport address"])
    #expect(found("transport a") == ["transport address"])
    #expect(found("n") == ["NAT"])
    #expect(found("dress") == [])
  }

  @Test(
    "What breaks the format is told with its place",
    arguments: [
      ("## a\n\nTaught in [[b#c]].\n", "3:1: the term 'a' needs two paragraphs"),
      ("## a\n\n- A word.\n\nTaught in [[b#c]].\n", "3:1: the term 'a' needs two paragraphs"),
      ("## a\n\nA word.\n\nSee [[b#c]].\n", "7:1: write 'Also: NAME"),
      ("## a\n\nA word.\n\nTaught in [[b]].\n", "7:1: write 'Also: NAME"),
      ("## a\n\nA word.\n\nAlso: , b. Taught in [[b#c]].\n", "7:1: write 'Also: NAME"),
      ("## a\n\nA word.\n\nComing in note 7.\n", "7:1: write 'Also: NAME"),
      ("## a\n\nOne. Two. Three.\n\nTaught in [[b#c]].\n", "5:1: the definition of 'a' has 3"),
      ("## a\n\nA word\n\nTaught in [[b#c]].\n", "5:1: the definition of 'a' is no sentence"),
      (
        "## b\n\nA word.\n\nTaught in [[b#c]].\n\n## a\n\nA word.\n\nTaught in [[b#c]].\n",
        "9:1: terms stand in the order of the alphabet: 'a' before 'b'"
      ),
      (
        "## a\n\nA word.\n\nAlso: Cs. Taught in [[b#c]].\n\n"
          + "## cs\n\nA word.\n\nTaught in [[b#c]].\n",
        "9:1: 'cs' is a name of 'a' already, line 3"
      ),
    ])
  func problems(text: String, expected: String) throws {
    let problems = try parse(text).problems
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("\(Self.file):\(expected)") == true, "\(problems)")
  }

  // MARK: In text

  private func step(_ text: String) throws -> Step {
    let note = try Note.parse(
      Array("# Table\n\n## One\n\n\(text)\n".utf8), file: "notes/02-table.md"
    ).note
    return try #require(note.steps.first)
  }

  private func found(_ text: String) throws -> [String] {
    try parse(Self.sample).glossary.terms(in: step(text)).map(\.name)
  }

  @Test(
    "Terms are found by whole words, in their order, each once",
    arguments: [
      ("A permission, a *mapping* and ICE; mappings and ICE.", ["permission", "mapping", "ICE"]),
      ("An ice age, icing, MAPPING.", ["mapping"]),
      ("Remapping, map, mapped.", []), ("The NAT's mapping", ["mapping"]),
      ("Bindings of\nNAT mappings", ["mapping"]),
      ("In `mapping` and [[table|mapping]] not", []),
      ("See [the mapping](https://example.org)", ["mapping"]),
      ("| ICE |\n| --- |\n| mapping |", ["ICE", "mapping"]),
      ("1. a **permission**\n2. ICE", ["permission", "ICE"]),
      ("```swift shown\nmapping\n```", []),
    ])
  func finding(text: String, expected: [String]) throws {
    #expect(try found(text) == expected)
  }

  @Test("The longest name counts, and none goes across the end of a sentence")
  func longest() throws {
    let glossary = Glossary(
      try ["address", "private address", "transport address"].map { name in
        try #require(
          parse("## \(name)\n\nA word.\n\nTaught in [[a#b]].\n").glossary.terms.first)
      })
    func found(_ text: String) throws -> [String] {
      glossary.terms(in: try step(text)).map(\.name)
    }
    #expect(try found("Transport addresses.") == ["transport address"])
    #expect(try found("The transport. Address it.") == ["address"])
    #expect(try found("A *transport* address") == ["transport address"])
  }

  @Test("Answers and hints are not looked at; questions, choices and tasks are")
  func open() throws {
    let text = """
      ### Question: ICE?

      1. a mapping
      2. no

      <details><summary>Answer: 1</summary>

      1. A permission.
      2. No.

      </details>
      """
    #expect(try found(text) == ["ICE", "mapping"])
  }

  // MARK: Beside a course

  @Test("A term must lead to a step that uses it, and a note that is there is not coming")
  func besideCourse() throws {
    let note = try Note.parse(
      Array("# Table\n\n## One\n\nA mapping.\n\n## Two\n\nWords.\n".utf8), file: "notes/07-table.md"
    ).note
    let text = """
      ## a

      A word.

      Also: mapping. Taught in [[table#One]], [[table#Two]], [[table#Onee]].

      ## b

      A word.

      Taught in [[tabel#One]].

      ## c

      A word.

      Coming in note 07.

      """
    let problems = try parse(text).glossary.problems(in: Course([note])).map(\.description)
    #expect(
      problems == [
        "notes/reference/glossary.md:7:41: the step 'Two' does not use the word 'a'",
        "notes/reference/glossary.md:7:56: note 'table' has no step 'Onee'; did you mean 'One'?",
        "notes/reference/glossary.md:13:11: no note is called 'tabel'; did you mean 'table'?",
        "notes/reference/glossary.md:15:1: note 7 is there: name the step that teaches 'c'",
      ])
  }
}
