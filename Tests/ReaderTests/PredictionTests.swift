import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

/// Predictions that ask less than a whole output.
@Suite struct PredictionTests {
  private func reader(_ attributes: String) throws -> Reader {
    let text = """
      # First

      ## One

      ```swift id=guess \(attributes)
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

      """
    return Reader(
      Course([try Note.parse(Array(text.utf8), file: "notes/1-first.md").note]),
      progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: 80), rows: 40)
  }

  private func record(_ text: String, _ right: Bool) -> Reader.Action {
    .record(.predicted(id: "guess", prediction: text, right: right))
  }

  /// Runs the example as a driver would.
  private func finish(_ reader: inout Reader, _ actions: [Reader.Action]) {
    for case .run(let example) in actions {
      _ = reader.ran(
        ExampleRun(example, ending: .exited(0), output: "port 5002 for 300 s\n"))
    }
  }

  @Test("A short answer is asked in one line; a wrong one reveals nothing, a right one runs")
  func answer() throws {
    var reader = try reader("predict=\"Which port?\" answer=5002")
    #expect(reader.screen.contains("Predict: Which port?"))
    #expect(reader.screen.contains("Decide, then: r"))
    #expect(reader.screen.contains("r predict"))
    #expect(reader.pressed(.character("r")).isEmpty)
    #expect(reader.screen.contains("Which port? Enter when done, Esc leaves it"))
    reader.type("5000")
    #expect(reader.pressed(.enter) == [record("5000", false)])
    #expect(reader.screen.contains("You said 5000: ✗ not quite"))
    #expect(reader.screen.contains("Try again: r; s runs it"))
    #expect(!reader.screen.contains("5002"))
    #expect(!reader.screen.contains("The secret."))
    _ = reader.pressed(.character("r"))
    reader.type("5000")
    #expect(reader.pressed(.enter).isEmpty, "the same again is not recorded")
    _ = reader.pressed(.character("r"))
    reader.type("port 5002")
    let actions = reader.pressed(.enter)
    #expect(actions.first == record("port 5002", true))
    finish(&reader, actions)
    #expect(reader.screen.contains("port 5002 for 300 s"))
    #expect(reader.screen.contains("You said port 5002: ✓ right, at the second try"))
    #expect(reader.screen.contains("The secret."))
  }

  @Test("A choice is made by its number, and leaves the numbers to the question afterwards")
  func choice() throws {
    var reader = try reader("predict choices=\"5000 | 5002\" answer=5002")
    #expect(reader.screen.contains("Answer with 1 to 2"))
    #expect(reader.pressed(.character("r")).isEmpty)
    #expect(reader.message?.text == "Predict first: answer with a number from 1 to 2.")
    #expect(reader.pressed(.character("1")) == [record("1", false)])
    #expect(!reader.screen.contains("The secret."))
    #expect(reader.pressed(.character("7")).isEmpty)
    let actions = reader.pressed(.character("2"))
    #expect(actions.first == record("2", true))
    finish(&reader, actions)
    #expect(reader.screen.contains("The secret."))
    #expect(
      reader.pressed(.character("2")) == [
        .record(.answered(question: "first#one/1", answer: "2", right: true))
      ])
  }

  @Test("Blanks are asked one after the other, and what is right stays filled in")
  func blanks() throws {
    var reader = try reader("predict blanks=\"5002 | 300 s\"")
    #expect(reader.screen.contains("port __1__ for __2__"))
    #expect(reader.pressed(.character("1")).isEmpty)
    #expect(reader.message?.text == "This prediction is typed: press r.")
    _ = reader.pressed(.character("r"))
    #expect(reader.screen.contains("__1__? Enter when done"))
    reader.type("5002\n")
    #expect(reader.screen.contains("__2__? Enter when done"))
    reader.type("30")
    #expect(reader.pressed(.enter) == [record("5002 | 30", false)])
    #expect(reader.screen.contains("port 5002 for __2__"))
    _ = reader.pressed(.character("r"))
    #expect(reader.screen.contains("__2__? Enter when done"), "the first is right already")
    reader.type("300")
    let actions = reader.pressed(.enter)
    #expect(actions.first == record("5002 | 300", true))
    finish(&reader, actions)
    #expect(reader.screen.contains("port 5002 for 300 s"))
  }

  @Test("Escape and an empty line leave a prediction, and nothing is recorded")
  func leave() throws {
    for key in [TerminalKey.escape, .enter] {
      var reader = try reader("predict blanks=\"5002 | 300 s\"")
      _ = reader.pressed(.character("r"))
      #expect(reader.pressed(key).isEmpty)
      #expect(reader.pressed(key).isEmpty, "the prediction was left, so no other blank is asked")
      #expect(reader.state.predictions.isEmpty)
      #expect(!reader.screen.contains("The secret."))
    }
  }

  @Test("s gives up after a try, not before: the example runs, and the answer is shown")
  func giveUp() throws {
    var reader = try reader("predict=\"Which port?\" answer=5002")
    #expect(reader.pressed(.character("s")).isEmpty)
    #expect(
      reader.message?.text == "Predict first; then s runs it and shows what it prints.")
    _ = reader.pressed(.character("a"))
    reader.type("1\n")
    let actions = reader.pressed(.character("s"))
    #expect(actions.count == 1)
    finish(&reader, actions)
    #expect(reader.screen.contains("port 5002 for 300 s"))
    #expect(reader.screen.contains("Answer: 5002"))
  }
}

/// Questions and predictions that are asked again.
@Suite struct ReaderReviewTests {
  static let day = 86400.0

  private func reviewing() throws -> Reader {
    var progress = Progress()
    progress.record(.place(note: "second", step: "four"))
    progress.record(.answered(question: "first#three/1", answer: "1", right: false))
    progress.record(.answered(question: "first#three/2", answer: "x", right: false))
    var reader = try sampleReader(rows: 30, progress: progress)
    let review = Review(of: reader.course, progress, at: Self.day)
    #expect(review.items.count == 2)
    reader.begin(review.items)
    return reader
  }

  @Test("Each question is alone on the screen, n goes on, and past the last one it ends")
  func walk() throws {
    var reader = try reviewing()
    #expect(reader.arrived().isEmpty, "a review is no reading")
    #expect(reader.screen.hasPrefix("Review"))
    #expect(reader.screen.contains("From First, step 3"))
    #expect(reader.screen.contains("Question: Which?"))
    #expect(!reader.screen.contains("Where?"))
    #expect(
      reader.pressed(.character("2")) == [
        .record(.answered(question: "first#three/1", answer: "2", right: true))
      ])
    #expect(reader.screen.contains("Because so."))
    #expect(reader.pressed(.character("n")).isEmpty)
    #expect(reader.screen.contains("Question: Where?"))
    #expect(!reader.screen.contains("Which?"))
    #expect(reader.pressed(.character("p")).isEmpty)
    #expect(reader.screen.contains("Question: Which?"))
    _ = reader.pressed(.character("n"))
    #expect(reader.pressed(.character("n")) == [.quit])
    #expect(reader.rightInReview == 1)
  }

  @Test("No key leads out of a review but q", arguments: ["l", "o", "/"] as [Character])
  func inside(key: Character) throws {
    var reader = try reviewing()
    #expect(reader.pressed(.character(key)).isEmpty)
    #expect(reader.message?.text.hasPrefix("This is a review") == true)
    #expect(reader.screen.contains("Question: Which?"))
    #expect(reader.pressed(.character("q")) == [.quit])
  }
}
