import Lessons
import NoteFormat
import Terminal
import TestSupport
import Testing

@Suite(.serialized, .waitsForChildren) struct ReadTests {
  static let slugs = NoteLibrary.compiled.notes.map(\.slug)

  @Test(
    "A note fits into the columns there are, and is text alone when it goes to a file",
    arguments: slugs, [40, 80, 120])
  func width(slug: String, columns: Int) throws {
    let result = try Program.run(["read", slug], environment: ["COLUMNS": "\(columns)"])
    #expect(result.exitCode == 0)
    #expect(!result.output.isEmpty)
    for line in result.output.split(separator: "\n") {
      #expect(String(line).displayWidth <= columns, "\(line)")
    }
    #expect(
      !result.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
  }

  @Test("Without a UTF-8 locale a note is ASCII as far as its symbols go", arguments: slugs)
  func ascii(slug: String) throws {
    let result = try Program.run(["read", slug], environment: ["LANG": "C"])
    #expect(!result.output.contains { "─│→←…•✓“”’".contains($0) })
  }

  @Test("One step is read by its number, by its title, or by the note's number")
  func steps() throws {
    let note = try #require(try NoteLibrary.compiled.course().notes.first)
    let byNumber = try Program.run(["read", "\(note.slug)#2"])
    #expect(byNumber.exitCode == 0)
    #expect(byNumber.output.contains(note.steps[1].title.plainText))
    #expect(!byNumber.output.contains(note.steps[2].title.plainText + "\n"))
    #expect(
      try Program.run(["read", "\(note.slug)#\(note.steps[1].anchor)"]).output == byNumber.output)
    #expect(try Program.run(["read", "\(note.number!)#2"]).output == byNumber.output)
  }

  @Test(
    "A name that does not exist is a usage error that says what was probably meant",
    arguments: [
      (["read", "nat-tabel"], "no note is called 'nat-tabel'; did you mean 'nat-table'?"),
      (["read", "zzzzzzzz"], "no note is called 'zzzzzzzz'; 'workbook list' names them"),
      (["read", "nat-table#99"], "note 'nat-table' has no step '99'"),
      (
        ["run", "zzzzzzzz"],
        "no example is called 'zzzzzzzz'; 'workbook list --examples' names them all"
      ),
      (
        ["check", "translate-outbuond"],
        "no exercise is called 'translate-outbuond'; did you mean 'translate-outbound'?"
      ),
      (["start", "zzzzzzzz"], "no exercise is called 'zzzzzzzz'; 'workbook list' names them"),
      (["check", "--all", "translate-outbound"], "--all checks every answer"),
      (["check", "--answer", "x"], "--answer needs the exercise"),
      (["frobnicate"], "there is no command 'frobnicate'; 'workbook help' lists them"),
    ])
  func unknownNames(arguments: [String], message: String) throws {
    let result = try Program.run(arguments)
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.contains(message), "\(result.errorOutput)")
    #expect(result.output.isEmpty)
  }

  @Test("A reader that goes away ends the output without a word")
  func closedPipe() throws {
    let result = try Program.run(
      "sh", ["-c", "'\(Program.executable)' read nat-table | head -n 1; echo \"${PIPESTATUS:-}\""])
    #expect(result.errorOutput.isEmpty)
    #expect(result.output.split(separator: "\n").count == 1)
  }

  @Test("A step ends at a prediction that is not made yet; --all, a run and the whole note do not")
  func prediction() throws {
    let shadow = try ShadowWorkspace()
    let note = try #require(try NoteLibrary.compiled.course().note(named: "nat-table"))
    let index = try #require(
      note.steps.firstIndex {
        $0.blocks.contains {
          guard case .example(let example) = $0.content else { return false }
          return example.id == "nat-unsolicited"
        }
      })
    let step = "nat-table#\(index + 1)"
    // It is wrapped to the screen.
    let rest = "The rest of this step follows once you have predicted it: "
    let closed = try shadow.run("read", step)
    let words = closed.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains(rest + "./workbook predict nat-unsolicited; --all shows it"))
    let all = try shadow.run("read", step, "--all").output
    #expect(!all.contains(rest))
    #expect(all.contains("Decide, then: ./workbook predict nat-unsolicited"))
    #expect(all.split(separator: "\n").count > closed.output.split(separator: "\n").count)
    #expect(!(try shadow.run("read", "nat-table").output.contains(rest)))
    let other = try ShadowWorkspace()
    _ = try other.run("read", step)
    #expect(!(try other.log.read().hasRead(note: note.slug, step: note.steps[index].anchor)))
    #expect(try other.run("predict", "nat-unsolicited", "--prediction", "1").exitCode == 0)
    let opened = try other.run("read", step).output
    #expect(!opened.contains(rest))
    #expect(!opened.contains("Decide, then:"))
    #expect(opened.contains("drop: no mapping has this outside port"))
    #expect(try other.log.read().hasRead(note: note.slug, step: note.steps[index].anchor))
  }

  @Test("The answers stay hidden until they are asked for")
  func answers() throws {
    let hidden = try Program.run(["read", "nat-table"]).output
    let shown = try Program.run(["read", "nat-table", "--answers"]).output
    #expect(hidden.contains("Decide, then: ./workbook predict nat-unsolicited"))
    #expect(!hidden.contains("right: "))
    #expect(!hidden.contains("Hint 1"))
    #expect(shown.contains("right: "))
    #expect(shown.contains("Hint 1"))
    #expect(!shown.contains("Decide, then:"))
  }
}

@Suite(.serialized, .waitsForChildren) struct PresentationTests {
  static let escape: Character = "\u{1B}"

  /// Whether output has any escape sequence, and whether any of them sets a colour.
  func escapes(_ output: String) -> (any: Bool, colour: Bool) {
    var colours = false
    for piece in output.split(separator: "\u{1B}[").dropFirst() {
      let parameters = piece.prefix { $0 != "m" }.split(separator: ";")
      if parameters.contains(where: {
        (30...37).contains(Int($0) ?? 0) || (90...97).contains(Int($0) ?? 0)
      }) {
        colours = true
      }
    }
    return (output.contains(Self.escape), colours)
  }

  @Test(
    "A terminal gets colour and emphasis as far as it and the learner want them",
    arguments: [
      (["TERM": "xterm-256color"], [], true, true),
      (["NO_COLOR": "1"], [], true, false),
      (["TERM": "dumb"], [], false, false),
      (["ACCESSIBLE": "1"], [], false, false),
      ([:], ["--plain"], false, false),
      ([:], ["--color=never"], false, false),
      (["NO_COLOR": "1"], ["--color=always"], true, true),
    ] as [([String: String], [String], Bool, Bool)])
  func terminal(environment: [String: String], options: [String], any: Bool, colour: Bool) throws {
    let result = try Program.runInTerminal(
      ["read", "nat-table"] + options, environment: environment)
    let found = escapes(result.output)
    #expect(found.any == any)
    #expect(found.colour == colour)
  }

  @Test(
    "Output that goes to a file has no escape sequences unless they are asked for",
    arguments: [([], false), (["--color=always"], true), (["--color=never"], false)]
      as [([String], Bool)])
  func file(options: [String], any: Bool) throws {
    #expect(escapes(try Program.run(["read", "nat-table"] + options).output).any == any)
  }
}
