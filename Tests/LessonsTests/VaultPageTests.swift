import FoundationEssentials
import NoteFormat
import Terminal
import Testing

@testable import Lessons

/// A folder of fifteen notes with everything that Markdown has beyond CommonMark.
enum SampleVault {
  static let path = String(#filePath.dropLast("VaultPageTests.swift".count)) + "Golden/vault"
}

@Suite struct VaultPageTests {
  @Test(
    "Every note looks as it was found to look good", arguments: [80, 40], [true, false])
  func golden(width: Int, isPlain: Bool) throws {
    let notes = try OwnNotes(SampleVault.path)
    #expect(notes.course.notes.count == 15)
    let presentation = Presentation(plain: isPlain, unicode: !isPlain, width: width)
    var text = ""
    for note in notes.course.notes {
      let lines = NotePage.lines(of: note, in: notes.course, presentation)
      for line in lines { #expect(line.displayWidth <= width, "\(line.text)") }
      text += "######## \(note.slug)\n" + presentation.render(lines) + "\n"
    }
    let path =
      NotePageTests.folder + "vault-\(width)\(isPlain ? "-plain" : "").txt"
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    #expect(try text == String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self))
  }

  @Test("Nothing in it is an error but the one link that leads nowhere")
  func problems() throws {
    #expect(
      try OwnNotes(SampleVault.path).course.problems.map(\.message) == [
        "no note is called 'Nobody's note'"
      ])
  }

  @Test("The text before the first heading is a step to be read, with its questions")
  func stepped() throws {
    let notes = try OwnNotes(SampleVault.path).stepped
    for note in notes.notes {
      #expect(note.introduction.isEmpty)
      #expect(!note.steps.isEmpty, "\(note.slug)")
    }
    let questions = try #require(notes.note(named: "Questions"))
    #expect(questions.questions(inStep: 0).count == 2)
  }

  @Test("Notes that embed each other, or themselves many times, end", .timeLimit(.minutes(1)))
  func cycles() throws {
    func note(_ name: String, _ links: [String]) throws -> Note {
      let text = "# \(name)\n\n" + links.map { "![[\($0)]]\n\n" }.joined()
      return try Note.parse(Array(text.utf8), file: name + ".md").note
    }
    let names = (0..<20).map { "n\($0)" }
    let course = Course(try names.map { try note($0, names + names) })
    let lines = NotePage.lines(of: course.notes[0], in: course, Presentation(width: 80))
    #expect(lines.count > 40)
    #expect(lines.count < 10_000)
  }

  @Test("A huge table, list or formula is laid out in time", .timeLimit(.minutes(2)))
  func huge() throws {
    func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    let texts = [
      times("|a", 1_000) + "|\n" + times("|-", 1_000) + "|\n" + times("a\n", 5_000),
      "|a|b|\n|-|-|\n" + times("|some words of a cell|and more words of another one|\n", 1_500),
      "|a|\n|-|\n" + times("|\(times("word ", 20))|\n", 500),
      "$$\n" + times("a ", 2_000) + "\n$$\n",
    ]
    for text in texts {
      let note = try Note.parse(Array(text.utf8), file: "x.md").note
      #expect(!NotePage.lines(of: note, Presentation(width: 40)).isEmpty)
    }
  }
}
