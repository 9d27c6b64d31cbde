import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

@Suite(.serialized, .waitsForChildren) struct RunTests {
  static let examples = try! NoteLibrary.compiled.course().notes.flatMap(\.examples)

  @Test("Running an example prints its output and ends with 0", arguments: examples.map(\.id))
  func run(id: String) throws {
    let result = try Program.run(["run", id])
    let example = try #require(Self.examples.first { $0.id == id })
    #expect(result.exitCode == 0)
    if example.showsPictures {
      // Without a terminal what it shows is told in words.
      #expect(!result.output.contains("┃"))
    } else if example.mode == .runs {
      let promised = OutputPattern(example.output?.text ?? "")
      #expect(promised.matches(result.output))
    }
  }

  @Test("A run as JSON says what was printed, what the note says, and whether they agree")
  func json() throws {
    struct Report: Decodable {
      var example: String
      var output: String
      var expected: String
      var asPromised: Bool
    }
    let id = Self.examples[0].id
    let result = try Program.run(["run", id, "--json"])
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.example == id)
    #expect(report.asPromised)
    #expect(OutputPattern(report.expected).matches(report.output))
  }

  @Test("The list as JSON names every note with its examples and exercises")
  func list() throws {
    struct Report: Decodable { var notes: [Entry] }
    struct Entry: Decodable {
      var note: String
      var examples: [String]
      var exercises: [Exercise]
      struct Exercise: Decodable { var exercise: String }
    }
    let result = try Program.run(["list", "--json"])
    let entries = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).notes
    #expect(entries.map(\.note) == NoteLibrary.compiled.notes.map(\.slug))
    #expect(entries.flatMap { $0.exercises.map(\.exercise) } == NoteLibrary.compiled.exerciseIDs)
  }

  @Test("With no arguments the notes are listed and the first commands named")
  func noArguments() throws {
    let result = try Program.run([])
    #expect(result.exitCode == 0)
    for note in NoteLibrary.compiled.notes { #expect(result.output.contains(note.title)) }
    #expect(result.output.contains("./workbook read \(NoteLibrary.compiled.notes[0].slug)"))
  }

  @Test("The notes are proven by one command")
  func notesCheck() throws {
    let result = try Program.run(["notes", "check"])
    #expect(result.output.contains("all as they say"), "\(result.output)")
    #expect(result.exitCode == 0)
  }
}

@Suite(.serialized, .waitsForChildren) struct CheckCommandTests {
  static let id = NoteLibrary.compiled.exerciseIDs[0]
  let folder = try! ExerciseFolder(Self.id, in: Program.workspace)

  @Test("A passing answer ends with 0 and names every check")
  func passing() throws {
    let result = try Program.run(["check", Self.id, "--answer", folder.solution])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("checks passed"))
  }

  @Test("A failing answer ends with 1, and says what should be and what is")
  func failing() throws {
    let result = try Program.run(["check", Self.id, "--answer", folder.skeleton])
    #expect(result.exitCode == 1)
    #expect(result.output.contains("should be"))
    #expect(result.output.contains("but is"))
  }

  @Test("Each known mistake is met with its own sentence")
  func mistakes() throws {
    for mistake in try folder.mistakes() {
      let result = try Program.run(
        ["check", Self.id, "--answer", mistake.path], environment: ["COLUMNS": "1000"])
      #expect(result.exitCode == 1)
      let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains(mistake.sentence), "\(mistake.path)")
    }
  }

  @Test("A verdict as JSON has the outcome, the checks and the seconds")
  func json() throws {
    let result = try Program.run(["check", Self.id, "--answer", folder.solution, "--json"])
    let verdict = try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8))
    #expect(verdict.passed)
    #expect(!verdict.checks.isEmpty)
  }

  @Test("An answer that is not there is told with what to do")
  func noAnswer() throws {
    let result = try Program.run(["check", Self.id, "--answer", "/no/such/file.swift"])
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput
        == "workbook: there is no answer at /no/such/file.swift; './workbook start \(Self.id)' puts the skeleton there\n"
    )
  }
}
