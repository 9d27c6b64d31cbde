import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

/// Staying on the main road, and leaving it for the steps whose heading ends in `(extra)`.
@Suite struct ExtraStepTests {
  private static let notes = [
    """
    # First

    ## One

    Words.

    ## Two (extra)

    More words.

    ## Three (extra)

    More words.

    ## Four

    Words.

    ## Five (extra)

    More words.
    """,
    """
    # Second

    ## Six

    Words.
    """,
  ]

  private func reader(at anchor: String? = nil) throws -> Reader {
    let notes = try Self.notes.enumerated().map { index, text in
      try Note.parse(Array(text.utf8), file: "notes/0\(index)-note-\(index).md").note
    }
    var reader = Reader(
      Course(notes), progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: 80), rows: 24)
    if let anchor { reader.go(to: "note-0", step: anchor) }
    return reader
  }

  @Test("The next step is the next on the main road, and what is passed by is told")
  func next() throws {
    var reader = try reader()
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "four")
    #expect(reader.screen.contains("Passed by: 2 extra steps (o lists them)"))
  }

  @Test("Behind the last step of the main road is the note's end, which lists what was passed by")
  func end() throws {
    var reader = try reader(at: "four")
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("The end of 'First'"))
    #expect(reader.screen.contains("not read: Five (extra)"))
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "six")
  }

  @Test("The step before is on the main road, too, also in the note before")
  func previous() throws {
    var reader = try reader(at: "four")
    _ = reader.pressed(.character("p"))
    #expect(reader.step?.anchor == "one")
    for _ in 0..<3 { _ = reader.pressed(.character("n")) }
    #expect(reader.step?.anchor == "six")
    _ = reader.pressed(.character("p"))
    #expect(reader.step?.anchor == "four")
  }

  @Test("An extra step that was gone to is followed, and preceded, by whatever stands there")
  func fromExtra() throws {
    var reader = try reader(at: "two-extra")
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "three-extra")
    _ = reader.pressed(.character("p"))
    #expect(reader.step?.anchor == "two-extra")
    _ = reader.pressed(.character("p"))
    #expect(reader.step?.anchor == "one")
  }

  @Test("What an extra step leaves open is said to be a p away only where p leads back to it")
  func leftOpen() throws {
    let guess = { (id: String) in
      """
      ```swift id=\(id) predict
      print("a")
      ```

      ```output
      a
      ```

      """
    }
    let text = """
      # First

      ## One

      Words.

      ## Two (extra)

      \(guess("two"))
      ## Three (extra)

      \(guess("three"))
      ## Four

      Words.
      """
    var reader = Reader(
      Course([try Note.parse(Array(text.utf8), file: "notes/00-note-0.md").note]),
      progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: 80), rows: 24)
    reader.go(to: "note-0", step: "two-extra")
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "three-extra")
    #expect(reader.leftOpen?.text == "Left open: a prediction (p goes back)")
    _ = reader.pressed(.character("p"))
    #expect(reader.step?.anchor == "two-extra")
    _ = reader.pressed(.character("n"))
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "four")
    #expect(reader.leftOpen?.text == "Left open: a prediction (o lists the step)")
    for key in [TerminalKey.character("o"), .up, .enter] { _ = reader.pressed(key) }
    #expect(reader.step?.anchor == "three-extra")
  }
}
