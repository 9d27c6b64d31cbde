import FoundationEssentials
import ProgramSupport
import TestSupport
import Testing

@testable import Lessons

@Suite(.serialized, .waitsForChildren) struct WaitingProgramsTests {
  let exercise: ExerciseFolder
  let checker: Checker

  init() throws {
    exercise = try ExerciseFolder(NoteLibrary.compiled.exerciseIDs[0], in: Program.workspace)
    checker = try Checker(exercise)
  }

  @Test(
    "A check with programs that were started ahead has the same verdict", .timeLimit(.minutes(2)))
  func verdict() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let paths = [exercise.solution, exercise.skeleton] + (try exercise.mistakes().map(\.path))
    for path in paths {
      var ahead = try checker.check(answer: path, with: checker.startPrograms())
      var now = try checker.check(answer: path)
      (ahead.seconds, now.seconds) = (0, 0)
      #expect(try encoder.encode(ahead) == encoder.encode(now))
    }
  }

  @Test("They serve one check, and the next one starts its own", .timeLimit(.minutes(2)))
  func once() throws {
    let waiting = try checker.startPrograms()
    #expect(try checker.check(answer: exercise.solution, with: waiting).passed)
    #expect(try checker.check(answer: exercise.solution, with: waiting).passed)
  }

  @Test("They are not used for libraries that have been built since")
  func otherLibraries() throws {
    #expect(try !checker.startPrograms().take(for: "another state"))
  }

  @Test("They serve a check even when the cache was emptied", .timeLimit(.minutes(2)))
  func emptiedCache() throws {
    let waiting = try checker.startPrograms()
    waiting.folder.remove()
    #expect(try checker.check(answer: exercise.solution, with: waiting).passed)
  }

  @Test("Unused, they leave no folder")
  func unused() throws {
    var waiting: WaitingPrograms? = try checker.startPrograms()
    let folder = try #require(waiting?.folder.path)
    #expect(isFolder(folder))
    waiting = nil
    #expect(!isFolder(folder))
  }

  @Test("The compiler's messages name the answer", .timeLimit(.minutes(2)))
  func messages() throws {
    let folder = try TemporaryFolder(in: "/tmp")
    defer { folder.remove() }
    try writeNewFile(
      folder["mine.swift"], Array("let a: Int = \"<stdin>:\"\nlet b: Int = \"\"\n".utf8),
      durably: false)
    let verdict = try checker.check(answer: folder["mine.swift"], with: checker.startPrograms())
    #expect(verdict.outcome == .doesNotCompile)
    let places = verdict.messages.split(separator: "\n").filter { $0.contains(": error: ") }
    #expect(
      places.map { String($0.prefix { $0 != " " }) } == [
        "\(verdict.answer):1:14:", "\(verdict.answer):2:14:",
      ])
    #expect(verdict.messages.contains("\"<stdin>:\""))
  }
}
