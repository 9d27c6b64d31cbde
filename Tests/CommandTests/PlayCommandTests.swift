import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

@Suite struct PlayCommandTests {
  static let id = "nat-same-port"
  static let copy = "answers/play/\(id).swift"
  let shadow = try! ShadowWorkspace()

  @Test("A copy holds the code that the example continues, and prints the same as the note")
  func fresh() throws {
    let result = try shadow.run("play", Self.id)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.hasPrefix("Your copy is \(Self.copy).\n"))
    #expect(result.output.contains("your copy prints the same as the note"))
    let text = try shadow.text(Self.copy)
    #expect(text.contains("var nat = NATTable("))
    #expect(text.contains("// From here on the output is shown.\nlet fromPhone ="))
  }

  @Test("A changed copy is compared with the note, kept, and made anew by --reset")
  func changed() throws {
    _ = try shadow.run("play", Self.id)
    let fresh = try shadow.text(Self.copy)
    try shadow.write(Self.copy, fresh.replacing("10.0.0.3:5000", with: "10.0.0.3:5001"))
    let result = try shadow.run("play", Self.id)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("- the note:  UDP       10.0.0.3:5000  198.51.100.1:5002"))
    #expect(result.output.contains("+ your copy: UDP       10.0.0.3:5001  198.51.100.1:5001"))
    #expect(try shadow.text(Self.copy).contains("10.0.0.3:5001"))
    let reset = try shadow.run("play", Self.id, "--reset")
    #expect(reset.output.contains("your copy prints the same as the note"))
    #expect(try shadow.text(Self.copy) == fresh)
    #expect(reset.output.hasPrefix("What you had is kept as \(Self.copy).1~.\n"))
    #expect(try shadow.text(Self.copy + ".1~").contains("10.0.0.3:5001"))
    // There is nothing to keep of a copy as it was.
    #expect(try !shadow.run("play", Self.id, "--reset").output.contains("is kept"))
  }

  @Test("A copy that does not compile ends with 1 and names its own file and line")
  func broken() throws {
    _ = try shadow.run("play", Self.id)
    let fresh = try shadow.text(Self.copy)
    try shadow.write(Self.copy, fresh + "let x: Int = \"a\"\n")
    let line = fresh.count { $0 == "\n" } + 1
    let result = try shadow.run("play", Self.id)
    #expect(result.exitCode == 1)
    #expect(result.output.contains("\(Self.copy):\(line):14: error:"))
    #expect(result.output.contains("your copy does not compile"))
  }

  @Test("Without its comment line the whole copy is the example, and all of it is shown")
  func unmarked() throws {
    _ = try shadow.run("play", Self.id)
    try shadow.write(Self.copy, "print(\"mine\")\n")
    #expect(try shadow.run("play", Self.id).output.contains("+ your copy: mine"))
  }

  @Test("Playing is no progress, and every example of the course can be played with")
  func noProgress() throws {
    _ = try shadow.run("play", Self.id)
    #expect(try shadow.log.read() == Progress())
    for note in try NoteLibrary.compiled.course().notes {
      for example in note.examples.prefix(2) where example.mode == .runs {
        let result = try shadow.run("play", example.id)
        #expect(result.output.contains("prints the same"), "\(example.id)\n\(result.output)")
      }
    }
  }
}
