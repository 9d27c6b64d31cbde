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

  /// How the tool is called for the text of a note.
  func text(of note: String) -> [String] { ["text", folder, note, output] }

  /// How the tool is called for the examples of a note.
  func examples(of note: String) -> [String] {
    ["examples", folder, note, output, Program.workspace.notesFolder + "/Prelude.swift"]
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
    #expect(try Program.run(compiler, examples(of: path)).exitCode == 0)
    let long = Date(timeIntervalSinceReferenceDate: 0)
    try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: output)
    #expect(try Program.run(compiler, examples(of: path)).exitCode == 0)
    #expect(try modification() == long)
    _ = try note("# T\n\n## S\n\n```swift id=a\nprint(2)\n```\n")
    #expect(try Program.run(compiler, examples(of: path)).exitCode == 0)
    #expect(try modification() > long)
  }

  @Test(
    "What breaks the format is a warning, and a text that cannot be read is a note that says so")
  func messages() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let warned = try Program.run(compiler, text(of: note("# T\n\n```swift idd=a\n```\n")))
    #expect(warned.exitCode == 0)
    #expect(warned.output.contains("\nnote.md:3:10: warning: unknown attribute 'idd'"))
    let deep = String(repeating: "> ", count: 101) + "x"
    let refused = try Program.run(compiler, text(of: note(deep)))
    #expect(refused.exitCode == 0)
    let problem = "lists, quotes or emphasis nest deeper"
    #expect(refused.output.hasPrefix("note.md:1:1: warning: \(problem)"))
    #expect(try written().contains(problem))
    // What is wrong is told once; such a note has no examples.
    let examples = try Program.run(compiler, examples(of: note(deep)))
    #expect(examples.exitCode == 0 && examples.output.isEmpty)
    #expect(try written().contains("[CompiledExample] = [\n]"))
  }

  func written() throws -> String {
    try String(decoding: Data(contentsOf: URL(filePath: output)), as: UTF8.self)
  }

  @Test("The examples of a note that does not compile are left out, until it is changed")
  func setAside() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try note("# T\n\n## S\n\n```swift id=a\nprnt(1)\n```\n")
    let list = folder + "/list"
    try Data("other.md:1:1: error: x\nnote.md:6:1: error: cannot find 'prnt': y\n".utf8)
      .write(to: URL(filePath: list))
    #expect(try Program.run(compiler, examples(of: path) + [list]).exitCode == 0)
    #expect(try !written().contains("func example_0"))
    let later = Date(timeIntervalSinceNow: 10)
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: path)
    #expect(try Program.run(compiler, examples(of: path) + [list]).exitCode == 0)
    #expect(try written().contains("func example_0"))
  }

  @Test("Words that are no call of it are a usage error")
  func usage() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try Program.run(compiler, ["text"]).exitCode == 64)
    #expect(try Program.run(compiler, ["note", folder, "a.md", output]).exitCode == 64)
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
      ] + text(of: path), seconds: 240)
    #expect(result.exitCode == 0 || result.exitCode == 65, "\(result.errorOutput)")
    #expect(result.errorOutput.isEmpty)
  }
}
