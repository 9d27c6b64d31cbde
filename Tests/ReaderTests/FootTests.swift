import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

/// What the reader says of its keys, of what is done and of what there is to keep.
@Suite struct FootTests {
  private static let course = """
    # First

    ## One

    ```swift id=plain
    print(1)
    ```

    ```output
    1
    ```

    \(exercise("Write", "write"))
    ## Two (extra)

    ```swift id=guess predict="Which of these packets, of which there are quite a few, gets in at all?" answer=1
    go()
    ```

    ```output
    1
    ```

    \(exercise("More", "more"))
    """

  private static let sheets = """
    # Cheat sheets

    ## first

    `plain`

    1. One.
    2. Two.
    3. Three.

    | number | what it is |
    | --- | --- |
    | 1 | one |

    """

  private func reader(
    columns: Int = 80, rows: Int = 40, _ progress: Progress = Progress(), hasSheet: Bool = false
  ) throws -> Reader {
    let sheets = try CheatSheets.parse(Array(Self.sheets.utf8), file: "cheatsheets.md").sheets
    var reader = Reader(
      Course([try Note.parse(Array(Self.course.utf8), file: "notes/01-first.md").note]),
      progress: progress,
      presentation: Presentation(plain: false, unicode: true, width: columns), rows: rows,
      isCourse: true, cheatSheets: { hasSheet ? sheets : CheatSheets() })
    reader.go(to: "first")
    return reader
  }

  @Test("With the focus on an example, e plays, and the exercise says how to come to it")
  func play() throws {
    var reader = try reader()
    #expect(reader.screen.contains("e play"))
    #expect(reader.screen.contains("  Tab, then e begin  h hint (3 left)  s solution"))
    _ = reader.pressed(.tab)
    #expect(reader.screen.contains("\n  e begin  h hint (3 left)"))
    #expect(reader.pressed(.character("e")) == [.edit(exercise: "write")])
  }

  @Test(
    "The foot has whole keys only, and the words of a step where there is room",
    arguments: 20...130)
  func foot(columns: Int) throws {
    var reader = try reader(columns: columns)
    for _ in 0..<2 {
      let foot = try #require(reader.frame.lines.last)
      #expect(foot.displayWidth <= columns)
      if columns >= 60 { #expect(!foot.text.contains("…"), "\(foot.text)") }
      if columns >= 80 { #expect(foot.text.contains("q quit")) }
      if columns >= 100 { #expect(foot.text.contains("d words")) }
      _ = reader.pressed(.tab)
    }
  }

  @Test("A long question is asked whole", arguments: [40, 60, 80])
  func label(columns: Int) throws {
    var reader = try reader(columns: columns)
    reader.go(to: "first", step: "2")
    _ = reader.pressed(.character("r"))
    let words = reader.screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let question = "Which of these packets, of which there are quite a few, gets in at all?"
    // Once on the page, and once above what is typed.
    #expect(words.ranges(of: question).count == 2)
    #expect(reader.frame.lines.allSatisfy { $0.displayWidth <= columns })
    #expect(reader.frame.cursor != nil)
  }

  @Test("A note is done when the main road is; what is extra is counted apart")
  func done() throws {
    var progress = Progress()
    progress.record(.stepRead(note: "first", step: "one", digest: "x"))
    var reader = try reader(progress)
    _ = reader.pressed(.character("l"))
    #expect(reader.screen.contains(" 1 1/1    First  0/1 exercises  0/1 extra"))
    progress.record(.checked(exercise: "write", outcome: "passed", seconds: 1))
    reader = try self.reader(progress)
    _ = reader.pressed(.character("l"))
    #expect(reader.screen.contains(" 1 ✓      First  1/1 exercises  0/1 extra"))
  }

  @Test("The end of a note names its cheat sheet, if there is one", arguments: [true, false])
  func sheet(hasSheet: Bool) throws {
    var reader = try reader(hasSheet: hasSheet)
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("The end of 'First'"))
    #expect(reader.screen.contains("'./workbook cheatsheet 1' prints this note") == hasSheet)
  }

  @Test("The first screen names the words of a step")
  func welcome() throws {
    #expect(
      Welcome.lines(for: try sampleCourse(), Presentation(plain: false, unicode: true, width: 80))
        .contains { $0.text.contains("d, i       the words of this step, explained") })
  }
}
