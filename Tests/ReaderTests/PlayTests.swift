import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

/// Changing copies of examples.
@Suite struct PlayTests {
  private func run(_ example: Example, printing output: String) -> ExampleRun {
    ExampleRun(example, ending: .exited(0), output: output)
  }

  @Test("e opens a copy of the focused example, and what it prints stands beside the note's")
  func play() throws {
    var reader = try sampleReader(rows: 40)
    #expect(reader.screen.contains("e play"))
    guard case .play(let example) = reader.pressed(.character("e")).first else {
      Issue.record("nothing is opened")
      return
    }
    #expect(example.id == "plain")
    reader.beganPlaying("plain")
    #expect(reader.screen.contains("Running your copy"))
    reader.played(run(example, printing: "2\n"))
    #expect(reader.screen.contains("Your copy beside the note"))
    #expect(reader.screen.contains("- 1"))
    #expect(reader.screen.contains("+ 2"))
    reader.played(run(example, printing: "1\n"))
    #expect(reader.screen.contains("your copy prints the same as the note"))
  }

  @Test("x makes the copy as it was and takes its output away; without a copy it says so")
  func reset() throws {
    var reader = try sampleReader(rows: 40)
    #expect(reader.pressed(.character("x")).isEmpty)
    #expect(reader.message?.text == "There is no changed example here to begin anew.")
    let example = try #require(reader.focusedExample)
    reader.played(run(example, printing: "2\n"))
    #expect(reader.pressed(.character("x")) == [.resetPlay(example)])
    #expect(!reader.screen.contains("Your copy beside the note"))
  }

  @Test("An example that is still to be predicted is not given away by a copy")
  func prediction() throws {
    var reader = try sampleReader()
    reader.go(to: "first", step: "two")
    #expect(reader.pressed(.character("e")).isEmpty)
    #expect(reader.message?.text.hasPrefix("Predict first what it prints") == true)
  }

  @Test("e on an exercise still writes the answer to it")
  func exercise() throws {
    var reader = try sampleReader()
    reader.go(to: "second")
    #expect(reader.pressed(.character("e")) == [.edit(exercise: "write")])
  }

  @Test("A message with a long path is shown whole, on several lines")
  func longMessage() throws {
    var reader = try sampleReader(rows: 12, columns: 40)
    let path = "/" + String(repeating: "folder/", count: 12) + "mine.swift"
    reader.say(StyledText("Your copy is \(path)"))
    let lines = reader.frame.lines
    #expect(lines.count == 12)
    #expect(lines.suffix(4).map(\.text).joined().replacing(" ", with: "").hasSuffix(path))
  }

  @Test("A copy that does not compile is told by its first error")
  func doesNotCompile() throws {
    let reader = try sampleReader()
    let example = try #require(reader.focusedExample)
    let messages =
      "answers/play/plain.swift:3:1: error: one\nanswers/play/plain.swift:4:1: error: two\n"
    let lines = PlayPage.lines(
      of: ExampleRun(example, doesNotCompile: messages), Presentation(plain: true, width: 80))
    #expect(
      lines.map(\.text) == [
        "answers/play/plain.swift:3:1: error: one", "and 1 more",
        "failed your copy does not compile",
      ])
  }
}
