import Lessons
import NoteFormat
import TestSupport
import Testing

struct CarriedExample: CustomTestStringConvertible, Sendable {
  var note: Note
  var example: Example
  var testDescription: String { example.id }
}

/// Every example in the notes does what the note says.
@Suite struct ExampleOutputTests {
  static let all: [CarriedExample] = try! NoteLibrary.compiled.course().notes.flatMap { note in
    note.examples.map { CarriedExample(note: note, example: $0) }
  }

  @Test("The course has notes with examples")
  func notesExist() {
    #expect(Set(Self.all.map(\.note.slug)).count >= 3)
    #expect(Self.all.count >= 9)
  }

  @Test(
    "An example prints what the note says and ends well",
    arguments: all.filter { $0.example.mode == .runs })
  func output(carried: CarriedExample) throws {
    let run = try ExampleRun(carried.example, executable: Program.lab)
    #expect(run.complaint == nil)
    #expect(run.matchesOutput, "printed:\n\(run.output)")
  }

  @Test(
    "An example that does not compile is refused with the words that the note says",
    arguments: all.filter { $0.example.mode == .fails })
  func refusal(carried: CarriedExample) throws {
    let refused = try RefusedExample(
      carried.example, in: carried.note, workspace: Program.workspace)
    #expect(refused.isAsPromised, "\(refused.messages)")
  }
}
