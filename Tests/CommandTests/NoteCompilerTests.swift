import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

/// The build plugin's tool, run as the build system runs it.
@Suite(.serialized, .waitsForChildren) struct NoteCompilerTests {
  let folder = TestFolder.make()
  var compiler: String { Program.workspace.buildFolder + "/NoteCompiler" }
  var output: String { folder + "/out.swift" }

  func arguments(for note: String) -> [String] {
    [
      "note", folder, note, Program.workspace.notesFolder + "/Prelude.swift", output,
    ]
  }

  func note(_ text: String) throws -> String {
    let path = folder + "/note.md"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  func modification() throws -> Date {
    try #require(
      FileManager.default.attributesOfItem(atPath: output)[.modificationDate] as? Date)
  }

  @Test("What has not changed is not written again")
  func unchanged() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try note("# T\n\n## S\n\n```swift id=a\nprint(1)\n```\n")
    #expect(try Program.run(compiler, arguments(for: path)).exitCode == 0)
    let long = Date(timeIntervalSinceReferenceDate: 0)
    try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: output)
    #expect(try Program.run(compiler, arguments(for: path)).exitCode == 0)
    #expect(try modification() == long)
    _ = try note("# T\n\n## S\n\n```swift id=a\nprint(2)\n```\n")
    #expect(try Program.run(compiler, arguments(for: path)).exitCode == 0)
    #expect(try modification() > long)
  }

  @Test(
    "What breaks the format is a warning, and a text that cannot be read is a note that says so")
  func messages() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let warned = try Program.run(compiler, arguments(for: note("# T\n\n```swift idd=a\n```\n")))
    #expect(warned.exitCode == 0)
    #expect(warned.output.contains("\nnote.md:3:10: warning: unknown attribute 'idd'"))
    let deep = String(repeating: "> ", count: 101) + "x"
    let refused = try Program.run(compiler, arguments(for: note(deep)))
    #expect(refused.exitCode == 0)
    let problem = "lists, quotes or emphasis nest deeper"
    #expect(refused.output.hasPrefix("note.md:1:1: warning: \(problem)"))
    #expect(try written().contains(problem))
  }

  func written() throws -> String {
    try String(decoding: Data(contentsOf: URL(filePath: output)), as: UTF8.self)
  }

  @Test("A note that does not compile is set aside with its text, until it is changed")
  func setAside() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try note("# T\n\n## S\n\n```swift id=a\nprnt(1)\n```\n")
    let list = folder + "/list"
    try Data("other.md:1:1: error: x\nnote.md:6:1: error: cannot find 'prnt': y\n".utf8)
      .write(to: URL(filePath: list))
    #expect(try Program.run(compiler, arguments(for: path) + [list]).exitCode == 0)
    let aside = try written()
    #expect(!aside.contains("func example_0"))
    #expect(aside.contains("prnt(1)"))
    #expect(
      aside.contains(
        "SourcePosition(line: 6, column: 1), message: \"cannot find 'prnt': y\""), "\(aside)")
    #expect(!aside.contains("\"x\""))
    let later = Date(timeIntervalSinceNow: 10)
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: path)
    #expect(try Program.run(compiler, arguments(for: path) + [list]).exitCode == 0)
    #expect(try written().contains("func example_0"))
  }

  @Test("Words that are no call of it are a usage error")
  func usage() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try Program.run(compiler, ["note"]).exitCode == 64)
    #expect(try Program.run(compiler, []).exitCode == 64)
  }

  static let leakCandidates =
    NoteLibrary.compiled.notes.map { Program.workspace.root + "/" + $0.file }
    + [
      // Given up half-way: what was parsed so far must be freed all the same.
      "text:" + String(repeating: "*a **b ", count: 200) + "c"
        + String(repeating: "** d*", count: 200),
      "text:" + String(repeating: "<details><summary>x</summary>\n\n", count: 200),
      "text:# T\n\n[[a]] *b* `c` [d](e)\n\n- f\n\n> g\n\n```swift id=h\n```\n",
    ]

  @Test(
    "No memory that cmark allocates for a note is lost", .needs("valgrind"),
    .timeLimit(.minutes(5)),
    arguments: leakCandidates.indices)
  func leaks(index: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let candidate = Self.leakCandidates[index]
    let path = candidate.hasPrefix("text:") ? try note(String(candidate.dropFirst(5))) : candidate
    let result = try Program.run(
      "valgrind",
      [
        "--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect",
        "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=9", compiler,
      ] + arguments(for: path), seconds: 240)
    #expect(result.exitCode == 0 || result.exitCode == 65, "\(result.errorOutput)")
    #expect(result.errorOutput.isEmpty)
  }
}
