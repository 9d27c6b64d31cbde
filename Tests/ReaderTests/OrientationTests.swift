import Lessons
import NoteFormat
import Terminal
import Testing

@testable import Reader

/// Knowing where one is: the first screen, what is left open, the end of a note and of the course.
@Suite struct OrientationTests {
  /// A reader of the sample course as if it were the workbook's own.
  func courseReader(
    rows: Int = 24, columns: Int = 80, progress: Progress = Progress()
  ) throws -> Reader {
    Reader(
      try sampleCourse(), progress: progress,
      presentation: Presentation(plain: false, unicode: true, width: columns), rows: rows,
      isCourse: true)
  }

  // MARK: The first screen

  @Test(
    "The first screen says what this is, where to begin, how long it takes and which keys matter",
    arguments: [(24, 80), (24, 40), (60, 120)])
  func welcome(rows: Int, columns: Int) throws {
    var reader = try courseReader(rows: rows, columns: columns)
    var text = ""
    #expect(reader.screen.contains("space more") == (columns == 40))
    // On a narrow screen it is scrolled.
    for _ in 0..<30 {
      let frame = reader.frame
      #expect(frame.lines.count <= rows)
      #expect(frame.lines.allSatisfy { $0.displayWidth <= columns })
      text += reader.screen + "\n"
      _ = reader.pressed(.down)
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in [
      "NAT, STUN, TURN and ICE", "Begin with 'First'", "2 notes, 4 steps", "about 5 minutes",
      "run the example", "Enter begins.",
    ] { #expect(words.contains(part), "\(part) in \(text)") }
    #expect(reader.pressed(.enter).isEmpty)
    #expect(reader.step?.anchor == "one")
    #expect(reader.screen.contains("Words."))
  }

  @Test("It fits a screen of 80 by 24 whole")
  func fits() throws {
    let reader = try courseReader()
    #expect(reader.screen.contains("Enter begins."))
    #expect(reader.screen.contains("Pathfinder"))
  }

  @Test("It comes when nothing has been read, and then by i alone; not for notes of one's own")
  func once() throws {
    var progress = Progress()
    progress.record(.place(note: "first", step: "two"))
    var reader = try courseReader(progress: progress)
    #expect(reader.welcomeLines == nil)
    _ = reader.pressed(.character("i"))
    #expect(reader.screen.contains("Enter begins."))
    #expect(reader.pressed(.character("q")) == [.quit])
    var own = try sampleReader()
    #expect(own.welcomeLines == nil)
    _ = own.pressed(.character("i"))
    #expect(own.welcomeLines == nil)
    #expect(own.screen.contains("Keys"))
  }

  @Test("A place that was named is opened at once")
  func named() throws {
    var reader = try courseReader()
    reader.go(to: "first", step: "three")
    #expect(reader.welcomeLines == nil)
  }

  // MARK: What is left open

  @Test("n says what it leaves open, and is silent where nothing is")
  func leftOpen() throws {
    var reader = try sampleReader()
    _ = reader.pressed(.character("n"))
    #expect(reader.leftOpen == nil)
    _ = reader.pressed(.character("n"))
    #expect(reader.leftOpen?.text == "Left open: a prediction (p goes back)")
    #expect(reader.screen.contains("Left open: a prediction (p goes back)\n1-2 answer"))
    #expect(reader.frame.lines.count == 24)
    #expect(reader.step?.anchor == "three")
    _ = reader.pressed(.character("2"))
    _ = reader.pressed(.character("p"))
    #expect(reader.leftOpen == nil)
    _ = reader.pressed(.character("n"))
    #expect(reader.leftOpen != nil)
  }

  @Test("A step is read when it is left, and a jump counts only from its end")
  func jumps() throws {
    var reader = try sampleReader(rows: 10)
    reader.go(to: "first", step: "three")
    _ = reader.pressed(.character("l"))
    let early = reader.pressed(.enter)
    #expect(!early.contains { if case .record(.stepRead) = $0 { true } else { false } })
    reader.go(to: "first", step: "three")
    _ = reader.pressed(.end)
    _ = reader.pressed(.character("l"))
    let late = reader.pressed(.enter)
    #expect(late.contains { if case .record(.stepRead) = $0 { true } else { false } })
    #expect(reader.pressed(.character("q")) == [.quit])
  }

  // MARK: Ends

  @Test("The end of a note names what is open in it, by step, and what comes next")
  func noteEnd() throws {
    var reader = try sampleReader()
    for _ in 0..<3 { _ = reader.pressed(.character("n")) }
    #expect(reader.screen.contains("The end of 'First'"))
    #expect(reader.screen.contains("> 2 a prediction: Two"))
    #expect(reader.screen.contains("  3 2 questions: Three"))
    #expect(!reader.screen.contains(": One"))
    #expect(reader.screen.contains("Next comes 'Second': 1 step, about 10 minutes."))
    // Enter goes to what is open, and Backspace leads back.
    _ = reader.pressed(.down)
    _ = reader.pressed(.enter)
    #expect(reader.step?.anchor == "three")
    #expect(reader.screen.contains("Which?"))
    // What is answered is open no more, and neither is an answer that was looked at.
    _ = reader.pressed(.character("2"))
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("  3 a question: Three"))
    _ = reader.pressed(.escape)
    #expect(reader.step?.anchor == "three")
    _ = reader.pressed(.character("n"))
    _ = reader.pressed(.character("n"))
    #expect(reader.note.slug == "second")
  }

  @Test("A step that was jumped over is named as not read")
  func notRead() throws {
    var reader = try sampleReader()
    reader.go(to: "first", step: "three")
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("> 1 not read: One"))
    #expect(reader.screen.contains("  2 not read: Two"))
  }

  @Test("What was done in an earlier session is not open, and says so")
  func earlier() throws {
    var progress = Progress()
    for step in ["one", "two", "three"] {
      progress.record(.stepRead(note: "first", step: step, digest: "x"))
    }
    progress.record(.exampleRun(id: "guess", matched: true))
    progress.record(.answered(question: "first#three/1", answer: "2", right: true))
    progress.record(.answered(question: "first#three/2", answer: "x", right: false))
    progress.record(.place(note: "first", step: "three"))
    var reader = try sampleReader(progress: progress)
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("> 3 a question: Three"))
    #expect(!reader.screen.contains("prediction"))
    progress.record(.answered(question: "first#three/2", answer: "40000", right: true))
    reader = try sampleReader(progress: progress)
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("Nothing is open"))
    _ = reader.pressed(.enter)
    #expect(reader.note.slug == "second")
  }

  @Test("The end of the course names what is open in all notes", arguments: [80, 40])
  func courseEnd(columns: Int) throws {
    var reader = try sampleReader(columns: columns)
    reader.go(to: "second", step: "four")
    _ = reader.pressed(.character("n"))
    #expect(reader.screen.contains("of the course"))
    #expect(reader.screen.contains("first#1 not read: One"))
    #expect(reader.screen.contains("second#1 the exercise write: Four"))
    let words = reader.screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("./workbook matrix"))
    #expect(reader.frame.lines.allSatisfy { $0.displayWidth <= columns })
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "four")
    #expect(reader.message != nil)
  }
}
