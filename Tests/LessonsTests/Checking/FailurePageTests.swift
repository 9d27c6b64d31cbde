import FoundationEssentials
import Lessons
import NoteFormat
import ProgramSupport
import Terminal
import TestSupport
import Testing

/// Code that ends a check, and what the learner is told of it.
struct Ending: CustomTestStringConvertible, Sendable {
  var name: String
  /// What the body of the skeleton's last function becomes, in one line.
  var code: String
  var outcome: Verdict.Outcome = .crashed
  var reason: String
  var testDescription: String { name }

  static let crashes = [
    Ending(
      name: "an index out of range", code: "let none: [Int] = []; _ = none[none.count]",
      reason: "Index out of range"),
    Ending(
      name: "a forced nil", code: "let none: Int? = nil; _ = none!",
      reason: "Unexpectedly found nil while unwrapping an Optional value"),
    Ending(
      name: "an overflow", code: "let one = [1].count; _ = Int.max + one",
      reason: "Arithmetic overflow"),
    Ending(
      name: "a number that does not fit", code: "let most = [300].max() ?? 0; _ = UInt8(most)",
      reason: "Not enough bits to represent the passed value"),
    Ending(
      name: "a precondition", code: "precondition([1].count == 2, \"One is two\")",
      reason: "One is two"),
    Ending(
      name: "endless recursion", code: "func f(_ n: Int) -> Int { f(n + 1) + 1 }; _ = f(0)",
      reason: "Endless recursion: a function calls itself until the stack is used up"),
  ]

  static let memory = Ending(
    name: "memory without end",
    code: "var a: [[Int]] = []; while true { a.append([Int](repeating: 1, count: 1 << 20)) }",
    outcome: .outOfMemory, reason: "Out of memory")
  static let loop = Ending(
    name: "an endless loop", code: "while true {}", outcome: .timedOut, reason: "")
}

/// What a learner sees of each exercise when an answer fails.
@Suite struct FailurePageTests {
  static let exercises = NoteLibrary.compiled.exerciseIDs

  /// What `check` prints of a verdict, after it has been explained.
  static func page(_ verdict: Verdict) -> [String] {
    let presentation = Presentation(plain: true, width: 80)
    return
      (VerdictPage.lines(of: verdict, presentation) + [StyledText(verdict.time)]
      + VerdictPage.mistake(of: verdict, presentation)).map(\.text)
  }

  /// Checks the text of an answer to an exercise.
  static func verdict(on text: String, _ id: String) throws -> Verdict {
    let exercise = try ExerciseFolder(id, in: Program.workspace)
    let path = "\(Program.workspace.buildFolder)/answer-\(UInt64.random(in: 0 ... .max)).swift"
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let checker = try Checker(exercise)
    var verdict = try checker.check(answer: path)
    try checker.explain(&verdict)
    return verdict
  }

  static func skeleton(of id: String) throws -> String {
    let exercise = try ExerciseFolder(id, in: Program.workspace)
    return String(decoding: try readFile(exercise.skeleton), as: UTF8.self)
  }

  /// The skeleton whose last function does this and never returns; and the number of that line.
  static func answer(to id: String, _ code: String) throws -> (text: String, line: Int) {
    let skeleton = try skeleton(of: id)
    let function = try #require(skeleton.ranges(of: "\nfunc ").last)
    let brace = try #require(skeleton[function.upperBound...].firstRange(of: "{\n"))
    let text = skeleton[..<brace.upperBound] + "  \(code)\n  fatalError()\n}\n"
    return (String(text), skeleton[..<brace.upperBound].count { $0 == "\n" } + 1)
  }

  static func expectReadable(_ page: [String], _ comment: Comment) {
    #expect(page.count <= 24, comment)
    #expect(page.allSatisfy { $0.displayWidth <= 80 }, comment)
    let text = page.joined(separator: "\n")
    for word in ["\u{1B}", "u{1B}", "Test \"", "stack trace", "libswift", "Calls.swift", ".o:"] {
      #expect(!text.contains(word), comment)
    }
  }

  @Test(
    "A crash is told by its check, its reason, the line of the answer and what was given",
    arguments: exercises)
  func crash(id: String) throws {
    for ending in Ending.crashes {
      let (text, line) = try Self.answer(to: id, ending.code)
      let verdict = try Self.verdict(on: text, id)
      let page = Self.page(verdict)
      let comment: Comment = "\(id), \(ending.name):\n\(page.joined(separator: "\n"))"
      #expect(verdict.outcome == ending.outcome, comment)
      #expect(verdict.crash?.reason == ending.reason, comment)
      #expect(verdict.crash?.line == line, comment)
      #expect(verdict.crash?.code == ending.code, comment)
      #expect(verdict.checks.count { $0.state == .unfinished } == 1, comment)
      #expect(page.contains { $0.contains(ending.reason) }, comment)
      Self.expectReadable(page, comment)
    }
  }

  @Test("What the check gave to the function is shown, bytes in hexadecimal")
  func given() throws {
    let verdict = try Self.verdict(
      on: "func hasRightFingerprint(_ message: [UInt8]) -> Bool? { message[0] == 1 ? true : nil }",
      "verify-fingerprint")
    #expect(verdict.crash?.function == "hasRightFingerprint")
    #expect(verdict.crash?.arguments.map(\.name) == ["message"])
    #expect(verdict.crash?.arguments.map(\.value) == ["no bytes"])
    let translation = try Self.verdict(
      on: try Self.answer(to: "translate-outbound", Ending.crashes[0].code).text,
      "translate-outbound")
    #expect(
      translation.crash?.arguments.map(\.value) == [
        "UDP 10.0.0.2:5000 → 203.0.113.9:3478", "[:]", "198.51.100.1",
      ])
  }

  @Test(
    "Memory and time without end are stopped, and told by the line that was running",
    arguments: [Ending.memory, Ending.loop])
  func limits(ending: Ending) throws {
    let (text, line) = try Self.answer(to: exercisesFirst, ending.code)
    let verdict = try Self.verdict(on: text, exercisesFirst)
    let page = Self.page(verdict)
    let comment: Comment = "\(page.joined(separator: "\n"))"
    #expect(verdict.outcome == ending.outcome, comment)
    #expect(verdict.crash?.line == line, comment)
    #expect(verdict.crash?.reason == ending.reason, comment)
    #expect(
      page.contains { $0.contains(ending.outcome == .timedOut ? "does a loop" : "1 GiB") }, comment)
    Self.expectReadable(page, comment)
  }

  private var exercisesFirst: String { Self.exercises[0] }

  @Test("A function of another name is told by what the checks call", arguments: exercises)
  func missing(id: String) throws {
    let skeleton = try Self.skeleton(of: id)
    let renamed = try Self.verdict(on: skeleton.replacing("\nfunc ", with: "\nfunc my"), id)
    #expect(renamed.outcome == .doesNotFit)
    #expect(renamed.missing != nil)
    #expect(renamed.missing?.found == nil)
    let page = Self.page(renamed)
    #expect(page.contains("Your answer has no function of this name."))
    Self.expectReadable(page, "\(page.joined(separator: "\n"))")
  }

  /// Those whose function returns something: what returns nothing may return anything.
  private static let exercisesWithResult = exercises.filter {
    (try? skeleton(of: $0).contains(") -> ")) == true
  }

  @Test("A result of another type is told by what the checks call", arguments: exercisesWithResult)
  func otherResult(id: String) throws {
    let (text, _) = try Self.answer(to: id, "")
    let result = try #require(text.ranges(of: "-> ").last)
    let brace = try #require(text[result.upperBound...].firstRange(of: " {\n"))
    let changed = text[..<result.upperBound] + "Character" + text[brace.lowerBound...]
    let verdict = try Self.verdict(on: String(changed), id)
    #expect(verdict.outcome == .doesNotFit)
    #expect(verdict.missing?.found?.hasSuffix("-> Character") == true)
    Self.expectReadable(Self.page(verdict), "\(Self.page(verdict).joined(separator: "\n"))")
  }

  @Test("A call that the checks write over several lines is shown as one")
  func longCall() throws {
    let verdict = try Self.verdict(on: try Self.skeleton(of: "build-filter"), "build-filter")
    let page = Self.page(verdict).joined(separator: "\n")
    #expect(page.contains("admits(Packet("))
  }

  @Test("A constant is told of no mistake, though it fails like one")
  func constant() throws {
    // The mistake length-with-header compares the length with all bytes, and gives nil for each.
    let verdict = try Self.verdict(
      on: """
        import STUNCodec
        func decodeHeader(_ bytes: [UInt8]) -> (messageClass: MessageClass, method: Int, length: Int)? {
          let nothing: (MessageClass, Int, Int)? = nil
          return nothing
        }
        """, "decode-header")
    #expect(verdict.outcome == .failed)
    #expect(verdict.mistake == nil)
  }

  @Test("Of several compiler errors the first is shown, and the number of the others")
  func errors() throws {
    let lines = (1...30).map { "let a\($0): Int = \"text\"" }.joined(separator: "\n")
    let page = Self.page(try Self.verdict(on: lines + "\n", exercisesFirst))
    #expect(page.contains("and 29 more errors"))
    Self.expectReadable(page, "\(page.joined(separator: "\n"))")
  }
}
