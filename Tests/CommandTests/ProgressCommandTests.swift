import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

@Suite(.serialized, .waitsForChildren) struct ProgressCommandTests {
  let shadow = try! ShadowWorkspace()

  private struct Report: Decodable {
    struct Count: Decodable { var done: Int }
    struct Note: Decodable {
      var note: String
      var steps: Count
      var changedSteps: [String]
      var examples: Count
      var questions: Count
    }
    var place: String?
    var notes: [Note]
    var skippedLines: Int
  }

  private func report() throws -> Report {
    let result = try shadow.run("progress", "--json")
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  @Test("Nothing done is zero of everything, and no error")
  func nothing() throws {
    let report = try report()
    #expect(report.place == nil)
    #expect(report.notes.map(\.note) == NoteLibrary.compiled.notes.map(\.slug))
    #expect(report.notes.allSatisfy { $0.steps.done == 0 && $0.examples.done == 0 })
    #expect(try shadow.run("progress").output.contains("steps read: 0 of"))
  }

  @Test("A drill counts once its cause was found and its call was mended")
  func drills() throws {
    try shadow.log.append(.causeChosen(drill: "campus", number: 3, right: true))
    #expect(try shadow.run("progress").output.contains("drills solved: 0 of 12"))
    try shadow.log.append(.fixChosen(drill: "campus", number: 3, right: true))
    #expect(try shadow.run("progress").output.contains("drills solved: 1 of 12"))
  }

  @Test("Reading, running and answering count, and the place is where one was last")
  func counts() throws {
    _ = try shadow.run("read", "ice-pairs#3")
    _ = try shadow.run("read", "ice-pairs#4")
    _ = try shadow.run("run", "pairs-valid")
    _ = try shadow.run("answer", "ice-pairs#3/1", "3")
    let report = try report()
    let note = try #require(report.notes.first { $0.note == "ice-pairs" })
    #expect(note.steps.done == 2)
    #expect(note.examples.done == 1)
    #expect(note.questions.done == 1)
    #expect(note.changedSteps.isEmpty)
    #expect(report.place == "ice-pairs#what-the-other-side-does")
    #expect(try shadow.run("progress").output.contains("./workbook read ice-pairs#what-the-other"))
  }

  @Test("A step that has changed since it was read keeps its credit and is named")
  func changed() throws {
    let note = try #require(try NoteLibrary.compiled.course().notes.first)
    let step = note.steps[0].anchor
    try shadow.log.append(.stepRead(note: note.slug, step: step, digest: "of another text"))
    let report = try report()
    #expect(report.notes[0].steps.done == 1)
    #expect(report.notes[0].changedSteps == [step])
    #expect(try shadow.run("progress").output.contains("changed since you read it: \(step)"))
  }

  @Test("Exported progress is imported elsewhere once, however often it is imported")
  func moving() throws {
    _ = try shadow.run("read", "nat-table#1")
    let file = shadow.root + "/export.jsonl"
    #expect(try shadow.run("progress", "export", file).exitCode == 0)
    let again = try shadow.run("progress", "export", file)
    #expect(again.exitCode == 64)
    #expect(again.errorOutput.contains("is there already"))
    let other = try ShadowWorkspace()
    #expect(try other.run("progress", "import", file).output.hasPrefix("2 events added, 0 were"))
    #expect(try other.run("progress", "import", file).output.hasPrefix("0 events added, 2 were"))
    #expect(try other.log.read() == shadow.log.read())
    #expect(
      try shadow.run("progress", "export", "-").output == shadow.text(".workbook/progress.jsonl"))
  }

  @Test("What is no progress is not imported, and what is not there is told")
  func badImport() throws {
    try shadow.write("picture", "\u{FF}PNG\n\n{}\n")
    let picture = try shadow.run("progress", "import", shadow.root + "/picture")
    #expect(picture.exitCode == 65)
    #expect(picture.errorOutput.contains("this is no progress"))
    #expect(try shadow.run("progress", "import", "/no/such/file").exitCode == 69)
  }
}

@Suite(.serialized, .waitsForChildren) struct SearchCommandTests {
  @Test("A search names note, step and line, with the words marked")
  func found() throws {
    let result = try Program.run(["search", "hairpin", "bend"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("nat-table#knocking-at-your-own-door"))
    #expect(result.output.contains("[hairpin]"))
    #expect(result.output.contains("[bend]"))
  }

  @Test("Finding nothing ends with 1, as JSON, too")
  func nothing() throws {
    #expect(try Program.run(["search", "xyzzy"]).exitCode == 1)
    let json = try Program.run(["search", "xyzzy", "--json"])
    #expect(json.exitCode == 1)
    #expect(json.output.filter { !$0.isWhitespace } == #"{"matches":[],"version":1}"#)
  }

  @Test("Matches as JSON name note, step, title and line")
  func json() throws {
    struct Match: Decodable {
      var note: String
      var step: String
      var title: String
      var line: String
    }
    struct Report: Decodable { var matches: [Match] }
    let result = try Program.run(["search", "hairpin", "--json"])
    let matches = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).matches
    #expect(matches.allSatisfy { !$0.note.isEmpty && !$0.step.isEmpty && !$0.title.isEmpty })
    #expect(matches.contains { $0.line.contains("hairpin") })
  }
}
