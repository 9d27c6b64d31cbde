import FoundationEssentials
import Lessons
import TestSupport
import Testing

/// An answer that tries to do something other than answer.
struct HostileAnswer: CustomTestStringConvertible, Sendable {
  var name: String
  /// What takes the place of the bodies of the solution's functions.
  var code: String
  var outcome: Verdict.Outcome
  var testDescription: String { name }

  static let all = [
    HostileAnswer(name: "an endless loop", code: "while true {}", outcome: .timedOut),
    HostileAnswer(name: "a crash", code: "let none: Int? = nil; _ = none!", outcome: .crashed),
    HostileAnswer(name: "exit(0)", code: "exit(0)", outcome: .exitedEarly),
    HostileAnswer(name: "exit(1)", code: "exit(1)", outcome: .exitedEarly),
    HostileAnswer(
      name: "exit(69), as where an answer cannot be loaded", code: "exit(69)",
      outcome: .exitedEarly),
    HostileAnswer(name: "_exit(0)", code: "_exit(0)", outcome: .exitedEarly),
    HostileAnswer(
      name: "20 MB of output",
      code: "for _ in 0..<200_000 { print(String(repeating: \"x\", count: 100)) }",
      outcome: .printedTooMuch),
    HostileAnswer(
      name: "a read of standard input", code: "_ = readLine(); _ = readLine()", outcome: .failed),
    HostileAnswer(
      name: "a child that holds the pipes open",
      code:
        "var pid: pid_t = 0; posix_spawnp(&pid, \"sleep\", nil, nil, [strdup(\"sleep\"), strdup(\"600\"), nil], environ)",
      outcome: .failed),
    HostileAnswer(name: "what is no Swift", code: "this is no Swift", outcome: .doesNotCompile),
  ]
}

@Suite(.serialized, .waitsForChildren) struct HostileAnswerTests {
  let exercise: ExerciseFolder
  let skeleton: String

  init() throws {
    exercise = try ExerciseFolder(NoteLibrary.compiled.exerciseIDs[0], in: Program.workspace)
    skeleton = String(
      decoding: try Data(contentsOf: URL(filePath: exercise.skeleton)), as: UTF8.self)
  }

  /// Checks a text as an answer, in a file of its own.
  func check(_ text: String) throws -> Verdict {
    let path = "\(Program.workspace.buildFolder)/answer-\(UInt64.random(in: 0 ... .max)).swift"
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Checker(exercise).check(answer: path)
  }

  /// The skeleton with code put first into its last function's body.
  func skeleton(with code: String) -> String {
    let body = skeleton.ranges(of: ") -> ").last!
    let brace = skeleton[body.upperBound...].firstIndex(of: "{")!
    return "import Glibc\n" + skeleton[...brace] + "\n  \(code)\n"
      + skeleton[skeleton.index(after: brace)...]
  }

  @Test(
    "A hostile answer ends in a clear verdict", .timeLimit(.minutes(2)),
    arguments: HostileAnswer.all)
  func hostile(answer: HostileAnswer) throws {
    let verdict = try check(skeleton(with: answer.code))
    #expect(verdict.outcome == answer.outcome, "\(verdict)")
  }

  @Test("An answer without the declarations that the checks call does not pass")
  func emptyAnswer() throws {
    #expect(try check("let nothing = 0\n").outcome == .doesNotFit)
  }

  @Test("An answer may import what the checks themselves do not need")
  func otherLibraries() throws {
    let solution = String(
      decoding: try Data(contentsOf: URL(filePath: exercise.solution)), as: UTF8.self)
    let verdict = try check(
      "import Foundation\n" + solution + "\nfunc now() -> String { Date().description }\n")
    #expect(verdict.passed, "\(verdict)")
  }

  @Test("An answer that calls what is nowhere does not pass, and the verdict names it")
  func undefinedSymbol() throws {
    let verdict = try check(
      skeleton + "\n@_silgen_name(\"nowhere_at_all\") func f()\nfunc g() { f() }\n")
    #expect(verdict.outcome == .doesNotFit)
    #expect(verdict.messages == "answer.so: undefined symbol: nowhere_at_all\n")
  }

  @Test("A compile error names the learner's own file, line and column")
  func compileError() throws {
    let verdict = try check("func f() -> Int { \"text\" }\n")
    #expect(verdict.outcome == .doesNotCompile)
    #expect(verdict.messages.contains("\(verdict.answer):1:19: error:"))
  }

  @Test("An answer that brings tests of its own passes by the exercise's checks alone")
  func ownTests() throws {
    let verdict = try check(
      "import Testing\n" + skeleton + "\n@Test func mine() { #expect(Bool(true)) }\n")
    #expect(!verdict.passed)
  }

  @Test("A verdict is never that of an earlier answer, whether bodies or declarations changed")
  func neverStale() throws {
    let solution = String(
      decoding: try Data(contentsOf: URL(filePath: exercise.solution)), as: UTF8.self)
    for _ in 0..<2 {
      #expect(try check(solution).passed)
      #expect(try !check(skeleton).passed)
      #expect(try check(solution + "\nfunc another() -> Int { 1 }\n").passed)
      // The checks call this one, too, but as another function to the linker.
      let result = solution.ranges(of: ") -> ").last!
      let extended =
        solution[..<result.lowerBound] + ", extra: Int = 0" + solution[result.lowerBound...]
      #expect(try check(String(extended)).passed)
    }
  }
}
