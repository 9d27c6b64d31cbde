import Terminal
import Testing

@testable import Lessons

@Suite struct CrashTests {
  @Test("The runtime's sentence is found behind its file and line")
  func sentence() {
    let own = Crash.Sentence(
      in:
        "noise\nAnswer/mine.swift:12: Fatal error: Unexpectedly found nil\nCurrent stack trace:\n",
      file: "mine.swift")
    #expect(own?.text == "Unexpectedly found nil")
    #expect(own?.line == 12)
    let library = Crash.Sentence(
      in: "Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range\n",
      file: "mine.swift")
    #expect(library?.text == "Index out of range")
    #expect(library?.line == nil)
    #expect(Crash.Sentence(in: "nothing\n", file: "mine.swift") == nil)
    #expect(Crash.Sentence(in: "Fatal error\n", file: "mine.swift")?.text == "Fatal error")
  }

  @Test("Memory that could not be had is told from other errors")
  func memory() {
    let sentence = Crash.Sentence(
      in: "Fatal error: failed to allocate 1048608 bytes of memory with alignment 8\n", file: "a")
    #expect(sentence?.isOutOfMemory == true)
  }

  @Test("The report of the process is read line by line, whatever is in the values")
  func report() {
    let report = Crash.Report(
      "signal 11\nstack\nframe 4a0f\nframe 5b\ncall f\ngiven a [1: 2] given b\ngiven b \n")
    #expect(report.signal == 11)
    #expect(report.usedUpStack)
    #expect(report.frames == ["0x4a0f", "0x5b"])
    #expect(report.function == "f")
    #expect(report.arguments.map(\.name) == ["a", "b"])
    #expect(report.arguments.map(\.value) == ["[1: 2] given b", ""])
  }

  @Test("The innermost line of the answer is taken, and the compiler's name of the failure")
  func symbols() {
    let output = """
      Swift runtime failure: arithmetic overflow
      /<compiler-generated>:0:0
      $s6Answer4overyS2iF
      /work/answers/mine.swift:2:13

      caller
      /work/answers/mine.swift:18:28

      """
    let symbols = Crash.Symbols(output, path: "answers/mine.swift")
    #expect(symbols.line == 2)
    #expect(symbols.failure == "arithmetic overflow")
    #expect(Crash.Symbols(output, path: "other.swift").line == nil)
    #expect(
      Crash.Symbols("f\n/a/mine.swift:0:3\n\ng\n/a/mine.swift:7:1\n", path: "mine.swift").line == 7)
  }

  @Test("The first error is shown with its excerpt, and warnings are not")
  func compilerMessages() {
    let messages = CompilerMessages(
      """
      a.swift:1:1: warning: unused
      1 | let
      a.swift:2:3: error: first
      2 | code
        |   `- error: first
      a.swift:9:3: error: second
      9 | code
      a.swift:2:3: error: first

      """)
    #expect(messages.first == ["a.swift:2:3: error: first", "2 | code", "  |   `- error: first"])
    #expect(messages.otherErrors == 1)
    #expect(CompilerMessages("answer.so: undefined\n").first == ["answer.so: undefined"])
  }

  @Test("Two tables stand side by side with the differing rows marked")
  func tables() throws {
    let comparison = try #require(
      Comparison("(table → [b: 2, a: 1]) == (expected → [a: 1, b: 3, c: 4])"))
    let lines = try #require(ListComparison(comparison)).lines(
      Presentation(plain: true, width: 60), indentation: "")
    let rows = lines.map { $0.text.split(separator: " ").joined(separator: " ") }
    #expect(rows == ["should be but is", "a: 1 a: 1", "b: 3 ≠ b: 2", "c: 4 ≠"])
  }

  @Test("Values too wide for two columns are not put side by side")
  func wide() throws {
    let long = String(repeating: "x", count: 40)
    let comparison = try #require(Comparison("(a → [\(long)]) == (b → [y])"))
    let table = try #require(ListComparison(comparison))
    #expect(table.lines(Presentation(plain: true, width: 60), indentation: "").isEmpty)
    #expect(ListComparison(try #require(Comparison("(a → 1) == 2"))) == nil)
  }

  @Test("Of long values the part around the difference is shown")
  func excerpt() throws {
    let same = String(repeating: "s", count: 100)
    let comparison = try #require(Comparison("(a → \(same)1tail) == (b → \(same)2tail)"))
    let excerpt = comparison.excerpt(20)
    #expect(excerpt.actual == "... ssssssssssssssss1tai ...")
    #expect(excerpt.expected == "... ssssssssssssssss2tai ...")
  }
}
