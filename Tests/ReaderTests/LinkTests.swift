import Lessons
import NoteFormat
import Terminal
import Testing

@testable import Reader

/// Links, the way back, the contents of a note, search hits, and copying.
@Suite struct LinkTests {
  /// Two notes that link to each other; the first step is longer than the screens of these tests.
  static func reader(rows: Int = 24, columns: Int = 80) throws -> Reader {
    let first = """
      # First

      ## One

      See [[second#Four|the fourth step]] and [[second]], or [the RFC](https://example.org/rfc).

      ```swift id=plain
      print(1)
      ```

      ```output
      1
      ```

      \((1...30).map { "Paragraph \($0).\n\n" }.joined())
      The needle is here, in a haystack.

      ## Two

      Back to [[#One|the first step]].

      """
    let second = """
      # Second

      ## Three

      Words.

      ## Four

      Nowhere: [[gone]].

      """
    let course = Course([
      try Note.parse(Array(first.utf8), file: "notes/1-first.md").note,
      try Note.parse(Array(second.utf8), file: "notes/2-second.md").note,
    ])
    return Reader(
      course, progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: columns), rows: rows)
  }

  private func place(_ reader: Reader) -> String { "\(reader.note.slug)#\(reader.step!.anchor)" }

  /// The texts that are drawn as the focused link.
  private func focused(_ reader: Reader) -> [String] {
    reader.frame.lines.flatMap(\.spans).filter { $0.role == .highlight }.map(\.text)
  }

  @Test("Tab reaches links and examples from the top of the page, and Shift-Tab goes back")
  func tab() throws {
    var reader = try Self.reader()
    #expect(reader.focusedItem == .example("plain"))
    _ = reader.pressed(.tab)
    #expect(focused(reader) == ["the fourth step"])
    #expect(reader.screen.contains("Enter follow"))
    _ = reader.pressed(.tab)
    #expect(focused(reader) == ["second"])
    _ = reader.pressed(.tab)
    #expect(focused(reader) == ["the RFC"])
    _ = reader.pressed(.tab)
    #expect(reader.focusedItem == .example("plain"))
    _ = reader.pressed(.backTab)
    #expect(focused(reader) == ["the RFC"])
  }

  @Test("Enter follows a link to its step, and Backspace goes back to it, each recorded")
  func follow() throws {
    var reader = try Self.reader()
    _ = reader.pressed(.tab)
    let there = reader.pressed(.enter)
    #expect(place(reader) == "second#four")
    #expect(there.last == .record(.place(note: "second", step: "four")))
    let back = reader.pressed(.backspace)
    #expect(place(reader) == "first#one")
    #expect(back.first == .record(.place(note: "first", step: "one")))
    #expect(focused(reader) == ["the fourth step"])
    #expect(reader.pressed(.backspace).isEmpty)
    #expect(reader.message?.text.hasPrefix("There is no place to go back to") == true)
  }

  @Test("A link into the same note is followed, and one to no note is told")
  func sections() throws {
    var reader = try Self.reader()
    reader.go(to: "first", step: "two")
    _ = reader.pressed(.tab)
    _ = reader.pressed(.enter)
    #expect(place(reader) == "first#one")
    reader.go(to: "second", step: "four")
    _ = reader.pressed(.tab)
    #expect(reader.pressed(.enter).isEmpty)
    #expect(reader.message?.text == "No note is called 'gone'.")
    #expect(place(reader) == "second#four")
  }

  @Test("An address is shown and can be copied, and nothing is opened")
  func address() throws {
    var reader = try Self.reader()
    for _ in 0..<3 { _ = reader.pressed(.tab) }
    #expect(reader.pressed(.enter).isEmpty)
    #expect(reader.message?.text == "https://example.org/rfc (y copies it)")
    #expect(reader.pressed(.character("y")) == [.copy("https://example.org/rfc")])
  }

  @Test("A link that is wrapped is one link, on both of its lines")
  func wrapped() throws {
    var reader = try Self.reader(columns: 22)
    for _ in 0..<3 { _ = reader.pressed(.tab) }
    #expect(focused(reader) == ["the", "RFC"])
    let targets = reader.page.links.map(\.target)
    #expect(targets == ["second#Four", "second", "https://example.org/rfc"])
  }

  @Test("r runs the example though a link has the focus")
  func runBesideLink() throws {
    var reader = try Self.reader()
    _ = reader.pressed(.tab)
    guard case .run(let example) = reader.pressed(.character("r")).first else {
      Issue.record("nothing runs")
      return
    }
    #expect(example.id == "plain")
  }

  @Test("Backspace goes back after the list and after the contents, too")
  func backAfterPanels() throws {
    var reader = try Self.reader(rows: 90)
    _ = reader.pressed(.character("l"))
    reader.type("second\n")
    #expect(place(reader) == "second#three")
    _ = reader.pressed(.backspace)
    #expect(place(reader) == "first#one")
    _ = reader.pressed(.character("o"))
    #expect(reader.screen.contains("First  1 of 2 steps read"))
    #expect(reader.screen.contains("One  example"))
    _ = reader.pressed(.down)
    _ = reader.pressed(.enter)
    #expect(place(reader) == "first#two")
    _ = reader.pressed(.character("o"))
    #expect(reader.screen.contains("First  1 of 2 steps read"))
    _ = reader.pressed(.escape)
    _ = reader.pressed(.backspace)
    #expect(place(reader) == "first#one")
  }

  @Test("A search scrolls to its hit and marks it until Esc; Backspace goes back")
  func hit() throws {
    var reader = try Self.reader(rows: 12)
    reader.go(to: "second", step: "three")
    _ = reader.pressed(.character("/"))
    reader.type("needle\n")
    #expect(place(reader) == "first#one")
    #expect(reader.screen.contains("The needle is here"))
    #expect(focused(reader) == ["needle"])
    _ = reader.pressed(.escape)
    #expect(focused(reader).isEmpty)
    _ = reader.pressed(.backspace)
    #expect(place(reader) == "second#three")
  }

  @Test("Help scrolls on a small screen, and any other key leaves it")
  func help() throws {
    var reader = try Self.reader(rows: 10)
    _ = reader.pressed(.character("?"))
    #expect(!reader.screen.contains("stop what is running"))
    for _ in 0..<40 { _ = reader.pressed(.down) }
    #expect(reader.screen.contains("stop what is running"))
    _ = reader.pressed(.up)
    #expect(!reader.screen.contains("q           quit"))
    _ = reader.pressed(.escape)
    #expect(reader.screen.contains("Step 1 of 2"))
  }

  @Test("y copies the code of the example, and says where there is none")
  func copy() throws {
    var reader = try Self.reader()
    #expect(reader.pressed(.character("y")) == [.copy("print(1)\n")])
    reader.go(to: "second", step: "three")
    #expect(reader.pressed(.character("y")).isEmpty)
    #expect(reader.message?.text == "There is no code in this step to copy.")
  }
}
