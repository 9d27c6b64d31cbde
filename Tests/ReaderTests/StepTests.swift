import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

/// Stepping through the packets of an example, and what examples show.
@Suite struct StepTests {
  static let course = """
    # First

    ## One

    ```swift id=plain
    print(1)
    ```

    ```output
    1
    ```

    ## Two

    ```swift id=shown
    show(net)
    ```

    ```output
    a ┃ b
    ```

    ## Three

    ```swift id=guess predict="How many?" answer=1
    show(net)
    ```

    ```output
    1
    ```

    ## Four

    Words.

    """

  func reader(at step: Int, columns: Int = 80) throws -> Reader {
    var reader = Reader(
      Course([try Note.parse(Array(Self.course.utf8), file: "notes/1-first.md").note]),
      progress: Progress(),
      presentation: Presentation(plain: false, unicode: true, width: columns), rows: 24)
    reader.go(to: "first", step: "\(step)")
    return reader
  }

  @Test("t steps through an example that shows a network, and the foot says so")
  func step() throws {
    var reader = try reader(at: 2)
    let foot = "r run  t step  e play  n next  l list  ? help  q quit"
    #expect(reader.screen.contains(foot))
    let example = try #require(reader.focusedExample)
    #expect(reader.pressed(.character("t")) == [.step(example)])
    #expect(reader.message == nil)
  }

  @Test("Where there is nothing to step through, one line says so", arguments: [1, 4])
  func nothing(step: Int) throws {
    var reader = try reader(at: step)
    #expect(!reader.screen.contains("t step"))
    #expect(reader.pressed(.character("t")) == [])
    #expect(
      reader.message?.text
        == (step == 1
          ? "This example shows no network, so there is nothing to step through."
          : "There is no example in this step to step through."))
  }

  @Test("An example that is still to be predicted is not given away by its packets")
  func prediction() throws {
    var reader = try reader(at: 3)
    #expect(reader.pressed(.character("t")) == [])
    #expect(
      reader.message?.text == "Predict first what it prints; then t steps through it.")
  }

  @Test("How stepping ended is said in a line, unless it ended well")
  func ends() throws {
    var reader = try reader(at: 2)
    let example = try #require(reader.focusedExample)
    let messages: [(Workshop.SteppingEnd, String?)] = [
      (.stepped, nil),
      (.notTheCourse, "Only examples of the course can be stepped through."),
      (.nothingShown, "shown has shown no network in which anything happened."),
      (.timedOut, "shown was stopped after its time limit."),
      (.failed, "shown ended before there was anything to step through; r runs it."),
    ]
    for (end, message) in messages {
      _ = reader.pressed(.resized)
      reader.stepped(through: example, end)
      #expect(reader.message?.text == message)
    }
  }

  @Test("What has been shown is redrawn for each width of the screen, and in words at last")
  func widths() throws {
    let picture =
      #"{"version":1,"text":"a          ┃          b","narrower":["a ┃ b"],"words":"from a to b","svg":""}"#
    var reader = try reader(at: 2)
    let example = try #require(reader.focusedExample)
    _ = reader.ran(
      ExampleRun(
        example, ending: .exited(0), output: "a          ┃          b\n",
        pictures: ShownPictures(reading: Array(picture.utf8))))
    #expect(reader.screen.contains("a          ┃          b"))
    reader.resized(rows: 24, columns: 24)
    #expect(reader.screen.contains("    a ┃ b"))
    reader.presentation.unicode = false
    #expect(reader.screen.contains("from a to b"))
  }
}
