import FoundationEssentials
import NoteFormat
import Testing

@testable import Lessons

@Suite struct ProgressTests {
  @Test("Of the answers to a question the first and the last are kept")
  func firstAndLast() {
    var progress = Progress()
    for (answer, right) in [("3", false), ("1", false), ("2", true)] {
      progress.record(.answered(question: "a#x/1", answer: answer, right: right))
    }
    #expect(progress.firstAnswer(to: "a#x/1") == .init(text: "3", right: false))
    #expect(progress.answer(to: "a#x/1") == .init(text: "2", right: true))
    #expect(progress.firstAnswer(to: "a#x/2") == nil)
  }

  private func progress(_ events: ProgressEvent...) -> Progress {
    var progress = Progress()
    for event in events { progress.record(event) }
    return progress
  }

  @Test("The last place is the one recorded last")
  func place() throws {
    #expect(Progress().lastStep == nil)
    let progress = progress(.place(note: "a", step: "x"), .place(note: "b", step: "y"))
    let place = try #require(progress.lastStep)
    #expect(place == ("b", "y"))
  }

  @Test("A step whose text has changed since is still read, but not as it is now")
  func changedSince() {
    let progress = progress(.stepRead(note: "a", step: "x", digest: "old"))
    #expect(progress.hasRead(note: "a", step: "x"))
    #expect(progress.wasReadAs("old", note: "a", step: "x"))
    #expect(!progress.wasReadAs("new", note: "a", step: "x"))
    #expect(!progress.hasRead(note: "b", step: "x"))
  }

  @Test("The latest prediction and the latest answer count")
  func attempts() {
    let progress = progress(
      .predicted(id: "p", prediction: "1", right: false),
      .predicted(id: "p", prediction: "2", right: true),
      .answered(question: "a#x/1", answer: "3", right: true),
      .answered(question: "a#x/1", answer: "4", right: false), .exampleRun(id: "p", matched: false)
    )
    #expect(progress.prediction(for: "p") == .init(text: "2", right: true))
    #expect(progress.answer(to: "a#x/1") == .init(text: "4", right: false))
    #expect(progress.answer(to: "a#x/2") == nil)
    #expect(progress.hasRun("p"))
    #expect(!progress.hasRun("q"))
  }

  @Test("An exercise once passed stays passed when a later check fails")
  func passed() {
    let progress = progress(
      .started(exercise: "e"), .checked(exercise: "e", outcome: "passed", seconds: 1),
      .checked(exercise: "e", outcome: "failed", seconds: 1))
    #expect(progress.isStarted("e"))
    #expect(progress.isPassed("e"))
    #expect(!progress.isPassed("f"))
  }

  @Test("Hints count once each, askings for the solution every time")
  func hints() {
    let progress = progress(
      .hint(exercise: "e", number: 1), .hint(exercise: "e", number: 1),
      .hint(exercise: "e", number: 2), .solutionAsked(exercise: "e"),
      .solutionAsked(exercise: "e"), .solutionSeen(exercise: "e"))
    #expect(progress.hintsTaken("e") == 2)
    #expect(progress.solutionAsks("e") == 2)
    #expect(progress.hasSeenSolution("e"))
  }

  @Test("A drill is solved once its cause and its fix were right, and stays so")
  func drills() {
    var progress = progress(
      .causeChosen(drill: "d", number: 1, right: false),
      .fixChosen(drill: "d", number: 2, right: true))
    #expect(!progress.hasFoundCause(ofDrill: "d") && !progress.hasSolved(drill: "d"))
    progress.record(.causeChosen(drill: "d", number: 3, right: true))
    progress.record(.causeChosen(drill: "d", number: 1, right: false))
    progress.record(.fixChosen(drill: "d", number: 1, right: false))
    #expect(progress.hasFoundCause(ofDrill: "d") && progress.hasSolved(drill: "d"))
    #expect(!progress.hasSolved(drill: "e"))
  }

  @Test("A reset begins one exercise anew, or all of them")
  func reset() {
    var progress = progress(
      .started(exercise: "e"), .hint(exercise: "e", number: 1), .started(exercise: "f"),
      .reset(exercise: "e"))
    #expect(!progress.isStarted("e"))
    #expect(progress.hintsTaken("e") == 0)
    #expect(progress.isStarted("f"))
    progress.record(.reset(exercise: nil))
    #expect(!progress.isStarted("f"))
  }

  @Test("Progress as JSON names steps, examples, answers and exercises")
  func json() throws {
    var progress = Progress()
    for event in ProgressEvent.samples.dropLast(2) { progress.record(event) }
    let json = try JSONSerialisation.object(progress)
    #expect(
      Set(json.keys) == [
        "place", "stepsRead", "examplesRun", "predictions", "firstPredictions", "answers",
        "firstAnswers", "exercises", "skippedLines",
      ])
  }

  @Test("A step's digest changes with its text and not with what stands above it")
  func digest() throws {
    func digests(_ text: String) throws -> [String] {
      try Note.parse(Array(text.utf8), file: "notes/01-a.md").note.steps.map(\.digest)
    }
    let old = try digests("# T\n\n## A\n\nOne.\n\n## B\n\nTwo.\n")
    #expect(old.count == 2)
    #expect(old[0].count == 16)
    #expect(old[0] != old[1])
    let longer = try digests("---\naliases: [x]\n---\n# T\n\n## A\n\nOne more.\n\n## B\n\nTwo.\n")
    #expect(longer[0] != old[0])
    #expect(longer[1] == old[1])
  }

  @Test("A step's source is its own Markdown, with nothing left out between the steps")
  func source() throws {
    for note in NoteLibrary.compiled.notes {
      let steps = try NoteLibrary.compiled.parsed(note).steps
      for step in steps { #expect(step.source.hasPrefix("## ")) }
      #expect(note.text.hasSuffix(steps.map(\.source).joined()))
    }
  }
}

/// An encodable value's top fields.
enum JSONSerialisation {
  private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {}
  }

  static func object(_ value: some Encodable) throws -> [String: any Decodable] {
    try JSONDecoder().decode([String: Anything].self, from: try JSONEncoder().encode(value))
  }
}
