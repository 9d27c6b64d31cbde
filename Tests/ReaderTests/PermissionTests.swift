import Lessons
import NoteFormat
import Terminal
import Testing

@testable import Reader

/// Code of notes that are not the course's: it runs once the learner has allowed it.
@Suite struct PermissionTests {
  func stranger(_ note: String, step: Int = 1) throws -> Reader {
    var reader = try sampleReader()
    reader.mayRunCode = false
    reader.go(to: note, step: "\(step)")
    return reader
  }

  @Test(
    "Nothing that compiles or runs code is done before a yes",
    arguments: [
      ("first", 1, "r"), ("first", 1, "e"), ("first", 2, "r"), ("second", 1, "e"),
      ("second", 1, "c"),
    ]
      as [(String, Int, Character)])
  func asks(note: String, step: Int, key: Character) throws {
    var reader = try stranger(note, step: step)
    #expect(reader.pressed(.character(key)).isEmpty)
    #expect(reader.asksForPermission)
    #expect(reader.screen.contains("runs with your rights"), "\(reader.screen)")
    #expect(reader.type("n\n").isEmpty)
    #expect(reader.screen.contains("Nothing was run."))
    #expect(reader.state.runs.isEmpty)
    #expect(reader.state.exercises["write"]?.isChecking != true)
  }

  @Test("A yes is remembered, does what was asked for, and is not asked for again")
  func permits() throws {
    var reader = try stranger("first")
    _ = reader.pressed(.character("r"))
    let actions = reader.type("y\n")
    #expect(actions.first == .permit)
    guard case .run(let example) = actions.last else {
      Issue.record("nothing runs: \(actions)")
      return
    }
    #expect(example.id == "plain")
    guard case .run = reader.pressed(.character("r")).last else {
      Issue.record("it is asked for again")
      return
    }
  }

  @Test("After a yes an example to predict asks for the prediction first")
  func predicts() throws {
    var reader = try stranger("first", step: 2)
    _ = reader.pressed(.character("r"))
    #expect(reader.type("y\n") == [.permit])
    #expect(reader.inputLabel?.contains("What will it print?") == true)
  }

  @Test("Escape leaves the question, and reading and answering ask for nothing")
  func reads() throws {
    var reader = try stranger("first", step: 3)
    #expect(!reader.pressed(.character("2")).isEmpty)
    reader.go(to: "first", step: "1")
    _ = reader.pressed(.character("r"))
    #expect(reader.pressed(.escape).isEmpty)
    #expect(!reader.asksForPermission)
    #expect(reader.state.runs.isEmpty)
  }

  @Test("The question is whole on a narrow screen, too")
  func narrow() throws {
    var reader = try stranger("first")
    reader.resized(rows: 12, columns: 40)
    _ = reader.pressed(.character("r"))
    let screen = reader.screen.split(separator: "\n").joined(separator: " ")
    #expect(screen.contains("Run it? y and Enter"), "\(screen)")
    #expect(reader.frame.lines.count == 12)
  }

  // MARK: Where links lead

  @Test("A link to a block or a lower heading leads to its line, in the step that holds it")
  func blockLinks() throws {
    let filler = (1...40).map { "Line \($0).\n\n" }.joined()
    let course = Course([
      try Note.parse(
        Array("# A\n\n## One\n\n[[B#^here]] [[B#Lower]] [x](B.md#two)\n".utf8), file: "A.md"
      ).note,
      try Note.parse(
        Array(
          "# B\n\n## One\n\nx\n\n## Two\n\n\(filler)The place. ^here\n\n### Lower\n\nEnd.\n".utf8),
        file: "B.md"
      ).note,
    ])
    for (index, text) in ["The place.", "Lower", "Line 1."].enumerated() {
      var reader = Reader(
        course, progress: Progress(),
        presentation: Presentation(plain: false, unicode: true, width: 80), rows: 24)
      _ = reader.pressed(.tab)
      for _ in 0..<index { _ = reader.pressed(.tab) }
      _ = reader.pressed(.enter)
      #expect(reader.note.slug == "B", "\(reader.screen)")
      #expect(reader.step?.anchor == "two")
      #expect(reader.screen.contains(text), "\(reader.screen)")
    }
  }

  @Test("A note that does not compile says so where it stands")
  func problems() throws {
    var first = try sampleCourse().notes[0]
    first.problems = [
      Problem(
        file: "notes/1-first.md", position: SourcePosition(line: 8, column: 1),
        message: "cannot find 'prnt' in scope")
    ]
    let reader = Reader(
      Course([first]), progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: 80), rows: 30)
    #expect(reader.screen.contains("This note has an error"), "\(reader.screen)")
    #expect(reader.screen.contains("notes/1-first.md:8:1: cannot find 'prnt' in scope"))
    #expect(reader.screen.contains("line 8:1: cannot find"), "\(reader.screen)")
  }
}
