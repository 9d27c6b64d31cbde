import FoundationEssentials
import Lessons
import ProgramSupport
import TestSupport
import Testing

/// Works on a copy of the exercises in a folder that looks like the project's.
@Suite(.serialized, .waitsForChildren) struct AlteredChecksTests {
  let copy: Workspace
  let exercise: ExerciseFolder

  init() throws {
    let root = "\(Program.workspace.buildFolder)/altered-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Program.workspace.exercisesFolder, toPath: root + "/Exercises")
    copy = Workspace(root: root, buildFolder: Program.workspace.buildFolder)
    exercise = try ExerciseFolder(NoteLibrary.compiled.exerciseIDs[0], in: copy)
  }

  func problem(_ body: () throws -> Verdict) -> String? {
    defer { try? FileManager.default.removeItem(atPath: copy.root) }
    do {
      _ = try body()
      return nil
    } catch let error as WorkbookError {
      return error.messages.joined()
    } catch {
      return "\(error)"
    }
  }

  @Test("No answer is judged by checks that were edited")
  func edited() throws {
    try Data("import Testing\n@Test func fine() {}\n".utf8).write(
      to: URL(filePath: exercise.checks))
    #expect(
      problem { try Checker(exercise).check(answer: exercise.solution) }?
        .contains("these are not the checks that the exercise came with") == true)
  }

  @Test("No answer is judged where the checks were deleted")
  func deleted() throws {
    try FileManager.default.removeItem(atPath: exercise.checks)
    #expect(
      problem { try Checker(exercise).check(answer: exercise.solution) }?
        .contains("the checks of this exercise are gone") == true)
  }

  @Test("Starting an exercise copies the skeleton once and never overwrites an answer")
  func start() throws {
    defer { try? FileManager.default.removeItem(atPath: copy.root) }
    #expect(try exercise.start())
    #expect(FileManager.default.contentsEqual(atPath: exercise.answer, andPath: exercise.skeleton))
    try Data("mine".utf8).write(to: URL(filePath: exercise.answer))
    #expect(try !exercise.start())
    #expect(try Data(contentsOf: URL(filePath: exercise.answer)) == Data("mine".utf8))
  }
}
