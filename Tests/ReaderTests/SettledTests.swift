import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

/// What was predicted, answered and run in an earlier session, in a reader that has just been started.
@Suite struct SettledTests {
  private static let course = """
    # First

    ## One

    ```swift id=guess predict="Which port?" answer=5002
    go()
    ```

    ```output
    port 5002 for 300 s
    ```

    The secret.

    ### Question: Which?

    1. a
    2. b

    <details><summary>Answer: 2</summary>

    1. Because not.
    2. Because so.

    </details>

    ## Two

    ```swift id=last predict="Which port?" answer=5004
    go()
    ```

    ```output
    port 5004
    ```

    """

  private func reader(_ events: ProgressEvent...) throws -> Reader {
    var progress = Progress()
    for event in events { progress.record(event) }
    return Reader(
      Course([try Note.parse(Array(Self.course.utf8), file: "notes/1-first.md").note]),
      progress: progress,
      presentation: Presentation(plain: false, unicode: true, width: 80), rows: 40)
  }

  @Test("A prediction that was right is open, with the note's output and what was said")
  func right() throws {
    var reader = try reader(
      .predicted(id: "guess", prediction: "5002", right: true),
      .exampleRun(id: "guess", matched: true))
    #expect(reader.screen.contains("port 5002 for 300 s"))
    #expect(reader.screen.contains("You said 5002: ✓ right"))
    #expect(reader.screen.contains("The secret."))
    #expect(!reader.screen.contains("Decide"))
    #expect(reader.screen.contains("r run"))
    guard case .run(let example) = reader.pressed(.character("r")).first else {
      Issue.record("it is not run")
      return
    }
    #expect(example.id == "guess")
    #expect(reader.screen.contains("The secret."), "it stays open while it runs again")
  }

  @Test("An example that was given up and run is open, with the answer")
  func givenUp() throws {
    let reader = try reader(
      .predicted(id: "guess", prediction: "5000", right: false),
      .exampleRun(id: "guess", matched: true))
    #expect(reader.screen.contains("You said 5000: ✗ not quite"))
    #expect(reader.screen.contains("Answer: 5002"))
    #expect(reader.screen.contains("It is in this line of the output:\n      port 5002 for 300 s"))
    #expect(reader.screen.contains("The secret."))
  }

  @Test("A wrong prediction is still asked, and the tries go on")
  func wrong() throws {
    var reader = try reader(.predicted(id: "guess", prediction: "5000", right: false))
    #expect(reader.screen.contains("You said 5000: ✗ not quite"))
    #expect(reader.screen.contains("Try again: r; s runs it"))
    #expect(!reader.screen.contains("The secret."))
    _ = reader.pressed(.character("r"))
    reader.type("5000")
    #expect(reader.pressed(.enter).isEmpty)
    #expect(reader.message?.text == "You have tried 5000 already, and it is not right.")
  }

  @Test("A question shows what was answered; a wrong answer can be mended")
  func question() throws {
    let run = ProgressEvent.exampleRun(id: "guess", matched: true)
    var done = try reader(run, .answered(question: "first#one/1", answer: "2", right: true))
    #expect(done.screen.contains("You said 2: ✓ right"))
    #expect(done.screen.contains("wrong: Because not."))
    _ = done.pressed(.tab)
    #expect(done.pressed(.character("1")).isEmpty)
    var missed = try reader(run, .answered(question: "first#one/1", answer: "1", right: false))
    #expect(missed.screen.contains("wrong: Because not."))
    #expect(!missed.screen.contains("Because so."))
    #expect(missed.screen.contains("Try again with 1 to 2; s shows the answer"))
    _ = missed.pressed(.tab)
    #expect(missed.pressed(.character("2")).count == 1)
    #expect(missed.screen.contains("right, at the second try"))
  }

  @Test("A review asks all of it again")
  func review() throws {
    var progress = Progress()
    progress.record(.predicted(id: "guess", prediction: "5002", right: true))
    progress.record(.exampleRun(id: "guess", matched: true))
    progress.record(.answered(question: "first#one/1", answer: "2", right: true))
    var reader = try reader(
      .predicted(id: "guess", prediction: "5002", right: true),
      .exampleRun(id: "guess", matched: true),
      .answered(question: "first#one/1", answer: "2", right: true))
    let review = Review(of: reader.course, progress, at: 100 * ReaderReviewTests.day)
    #expect(review.items.count == 2)
    reader.begin(review.items)
    for _ in review.items {
      #expect(!reader.screen.contains("You said"))
      #expect(!reader.screen.contains("port 5002 for"))
      _ = reader.pressed(.character("n"))
    }
  }

  @Test("A step that waits for a prediction is not read when it is left, and says what is open")
  func unread() throws {
    var reader = try reader()
    let leaving = reader.pressed(.character("n"))
    #expect(!leaving.contains { if case .record(.stepRead) = $0 { true } else { false } })
    #expect(reader.leftOpen?.text == "Left open: a prediction and a question (p goes back)")
    // Nothing follows the second step's prediction, so all of that step was seen.
    let end = reader.pressed(.character("n"))
    #expect(end.contains { if case .record(.stepRead) = $0 { true } else { false } })
    #expect(reader.screen.contains("> first#1 a prediction and a question: One"))
    #expect(reader.screen.contains("  first#2 a prediction: Two"))
  }
}
