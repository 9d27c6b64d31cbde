import FoundationEssentials
import Lessons
import TestSupport
import Testing

/// An answer that the project itself carries, and what must come of it.
struct CarriedAnswer: CustomTestStringConvertible, Sendable {
  var exercise: ExerciseFolder
  var path: String
  var testDescription: String { exercise.workspace.display(path) }
}

/// Every exercise that the notes have is proven: content that is wrong fails here.
@Suite(.serialized, .waitsForChildren) struct ExerciseContentTests {
  static let exercises = NoteLibrary.compiled.exerciseIDs.map {
    try! ExerciseFolder($0, in: Program.workspace)
  }
  static let mistakes = exercises.flatMap { exercise in
    try! exercise.mistakes().map { CarriedAnswer(exercise: exercise, path: $0.path) }
  }

  @Test("There are exercises, each with at least two mistakes")
  func exercisesExist() throws {
    #expect(Self.exercises.count >= 3)
    for exercise in Self.exercises { #expect(try exercise.mistakes().count >= 2, "\(exercise.id)") }
  }

  @Test("A skeleton fits an editor of 80 columns", arguments: exercises)
  func width(exercise: ExerciseFolder) throws {
    let text = try String(contentsOf: URL(filePath: exercise.skeleton), encoding: .utf8)
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      #expect(line.count <= 80, "\(exercise.skeleton):\(number + 1): \(line)")
    }
  }

  @Test(
    "The skeleton compiles, fails by a check's name, not by a crash, and is told of no mistake",
    arguments: exercises.map { CarriedAnswer(exercise: $0, path: $0.skeleton) })
  func skeleton(answer: CarriedAnswer) throws {
    let checker = try Checker(answer.exercise)
    var verdict = try checker.check(answer: answer.path)
    try checker.explain(&verdict)
    FailurePageTests.expectReadable(FailurePageTests.page(verdict), "\(answer)")
    #expect(verdict.mistake == nil)
    #expect(verdict.outcome == .failed, "\(verdict.messages)")
    #expect(verdict.checks.contains { $0.state == .failed })
    #expect(verdict.checks.allSatisfy { $0.state == .failed || $0.state == .passed })
  }

  @Test(
    "The solution passes every check",
    arguments: exercises.map { CarriedAnswer(exercise: $0, path: $0.solution) })
  func solution(answer: CarriedAnswer) throws {
    let verdict = try Checker(answer.exercise).check(answer: answer.path)
    #expect(verdict.passed, "\(verdict)")
    #expect(verdict.checks.count >= 3)
  }

  @Test(
    "Each mistake fails first on the check it names, its sentence is found, and all fits a screen",
    arguments: mistakes
  )
  func mistake(answer: CarriedAnswer) throws {
    let mistake = try #require(try answer.exercise.mistakes().first { $0.path == answer.path })
    let checker = try Checker(answer.exercise)
    var verdict = try checker.check(answer: answer.path)
    #expect(!verdict.passed)
    #expect(verdict.firstFailure?.name == mistake.failingCheck)
    try checker.explain(&verdict)
    let isExplained = [.failed, .crashed].contains(verdict.outcome)
    #expect(verdict.mistake == mistake.sentence || !isExplained)
    FailurePageTests.expectReadable(FailurePageTests.page(verdict), "\(answer)")
  }
}
