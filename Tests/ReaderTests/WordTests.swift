import Lessons
import NoteFormat
import Terminal
import Testing

@testable import Reader

/// Looking words up: those of the step, and any other.
@Suite struct WordTests {
  static let glossary = """
    # Glossary

    ## filter

    Who may come in. It looks at who sent.

    Taught in [[second#Four]].

    ## NAT (Network Address Translation)

    A box that writes addresses.

    Also: translator. Taught in [[first#Two]], [[second#Four]].

    ## permission

    A word of a note to come.

    Coming in note 07.

    """

  /// A reader of two notes whose first step uses two of three terms.
  private func reader(
    rows: Int = 24, columns: Int = 80, hasGlossary: Bool = true
  ) throws -> Reader {
    let first = """
      # First

      ## One

      NATs have a filter. A NAT is a box.

      ## Two

      Words alone.

      """
    let second = "# Second\n\n## Four\n\nA filter, in full.\n"
    let course = Course([
      try Note.parse(Array(first.utf8), file: "notes/1-first.md").note,
      try Note.parse(Array(second.utf8), file: "notes/2-second.md").note,
    ])
    let glossary = try Glossary.parse(Array(Self.glossary.utf8), file: "g.md").glossary
    return Reader(
      course, progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: columns), rows: rows,
      glossary: { hasGlossary ? glossary : Glossary() })
  }

  @Test("d lists the words of the step in their order, and defines the first one")
  func words() throws {
    var reader = try reader()
    _ = reader.pressed(.character("d"))
    let lines = reader.frame.lines.map(\.text)
    #expect(lines[1] == "Words of this step  type to look any word up")
    #expect(lines[3] == "> NAT (Network Address Translation)")
    #expect(lines[4] == "  filter")
    #expect(
      reader.screen.contains(
        """
        NAT (Network Address Translation)
        A box that writes addresses.
        Also:      translator
        Taught in: First, step 2: Two
        More in:   Second, step 1: Four
        """))
    #expect(!reader.screen.contains("permission"))
    #expect(reader.screen.contains("Enter goes where it is taught"))
  }

  @Test("The definition follows the choice, Enter goes to its step, and Backspace comes back")
  func following() throws {
    var reader = try reader()
    _ = reader.pressed(.character("d"))
    _ = reader.pressed(.down)
    #expect(reader.screen.contains("> filter"))
    #expect(reader.screen.contains("Who may come in. It looks at who sent."))
    _ = reader.pressed(.down)
    #expect(reader.screen.contains("> filter"))
    _ = reader.pressed(.enter)
    #expect(reader.note.slug == "second")
    #expect(reader.screen.contains("A filter, in full."))
    _ = reader.pressed(.backspace)
    #expect(reader.note.slug == "first")
    #expect(reader.step?.anchor == "one")
  }

  @Test("Typing looks up any word by its names, and Backspace and Esc lead back")
  func typing() throws {
    var reader = try reader()
    _ = reader.pressed(.character("d"))
    reader.type("perm")
    #expect(reader.screen.contains("Glossary  perm\n\n> permission\n"))
    #expect(reader.screen.contains("Taught in: note 7, which is yet to come"))
    // There is no step to go to.
    #expect(reader.pressed(.enter).isEmpty)
    #expect(reader.screen.contains("> permission"))
    for _ in 0..<4 { _ = reader.pressed(.backspace) }
    #expect(reader.screen.contains("Words of this step"))
    reader.type("trans")
    #expect(reader.screen.contains("> NAT"))
    reader.type("latrs")
    #expect(reader.screen.contains("The glossary has no such word"))
    _ = reader.pressed(.escape)
    #expect(reader.screen.contains("NATs have a filter."))
    _ = reader.pressed(.character("d"))
    _ = reader.pressed(.backspace)
    #expect(reader.screen.contains("NATs have a filter."))
  }

  @Test("A word that is misspelled gets a suggestion")
  func suggestion() throws {
    var reader = try reader()
    _ = reader.pressed(.character("d"))
    reader.type("fitler")
    #expect(reader.screen.contains("The glossary has no such word; did you mean 'filter'?"))
  }

  @Test("A step without words says so, and so do notes without a glossary")
  func nothing() throws {
    var reader = try reader()
    _ = reader.pressed(.character("n"))
    _ = reader.pressed(.character("d"))
    #expect(reader.screen.contains("No word of this step is in the glossary."))
    var own = try self.reader(hasGlossary: false)
    _ = own.pressed(.character("d"))
    #expect(own.message?.text == "These notes have no glossary.")
    #expect(own.screen.contains("NATs have a filter."))
  }

  @Test("The help names the key, and the key works there")
  func help() throws {
    var reader = try reader()
    _ = reader.pressed(.character("?"))
    #expect(reader.screen.contains("d           the words of this step, explained"))
    _ = reader.pressed(.character("d"))
    #expect(reader.screen.contains("Words of this step"))
  }

  @Test(
    "The list fits every screen, with the definition of the selected word",
    arguments: [(24, 80), (8, 80), (24, 20), (3, 30), (2, 12)])
  func sizes(rows: Int, columns: Int) throws {
    var reader = try reader(rows: rows, columns: columns)
    _ = reader.pressed(.character("d"))
    for key: TerminalKey in [.down, .end, .pageUp, .character("x"), .backspace, .home] {
      _ = reader.pressed(key)
      #expect(reader.frame.lines.count == rows)
      #expect(reader.frame.lines.allSatisfy { $0.displayWidth <= columns })
    }
  }

  @Test("Line by line, d explains the words of the step, or the one behind it")
  func plain() throws {
    let reader = try reader()
    func text(_ word: String) -> String {
      reader.lines(explaining: word).map(\.text).joined(separator: "\n")
    }
    #expect(text("").hasPrefix("NAT (Network Address Translation)\nA box that writes addresses."))
    #expect(text("").contains("\nfilter\nWho may come in."))
    #expect(text("permissions").hasPrefix("permission\nA word of a note to come."))
    #expect(text("fitler") == "The glossary has no word 'fitler'; did you mean 'filter'?")
    let own = try self.reader(hasGlossary: false)
    #expect(own.lines(explaining: "NAT").map(\.text) == ["These notes have no glossary."])
  }

  @Test("In a review no word is looked up, for it might be the answer")
  func review() throws {
    var reader = try sampleReader()
    var progress = Progress()
    progress.record(.answered(question: "first#three/1", answer: "1", right: false))
    reader.begin(
      Review(of: try sampleCourse(), progress, at: .greatestFiniteMagnitude).items)
    try #require(reader.review != nil)
    _ = reader.pressed(.character("d"))
    #expect(reader.message?.text.contains("This is a review") == true)
  }
}
