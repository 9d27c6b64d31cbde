import FoundationEssentials
import NoteFormat
import Terminal
import Testing

@testable import Lessons

/// One way of showing a note, with the file that holds how it should look.
struct Screen: CustomTestStringConvertible, Sendable {
  var name: String
  var presentation: Presentation
  var revealsAll: Bool
  var testDescription: String { name }

  static let all: [Screen] = [40, 80, 120].flatMap { width in
    [
      Screen(
        name: "note-\(width)-plain", presentation: Presentation(width: width), revealsAll: false),
      Screen(
        name: "note-\(width)-ansi",
        presentation: Presentation(
          colour: true, emphasis: true, plain: false, unicode: true, width: width),
        revealsAll: false),
      Screen(
        name: "note-\(width)-answers",
        presentation: Presentation(plain: false, unicode: true, width: width), revealsAll: true),
    ]
  }
}

/// Compares whole screens with `Golden/*.txt`; `RECORD_GOLDEN=1 swift test` writes them anew.
@Suite struct NotePageTests {
  static let folder = String(#filePath.dropLast("NotePageTests.swift".count)) + "Golden/"

  static func note() throws -> Note {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "sample.md")))
    let (note, problems) = try Note.parse(bytes, file: "notes/01-sample.md")
    #expect(problems.isEmpty)
    return note
  }

  @Test("A note looks as it was found to look good", arguments: Screen.all)
  func golden(screen: Screen) throws {
    let lines = NotePage.lines(
      of: try Self.note(), state: PageState(revealsAll: screen.revealsAll), screen.presentation)
    // Escape characters are made visible, so that the files can be read and compared anywhere.
    let text = screen.presentation.render(lines).replacing("\u{1B}", with: "␛")
    let path = Self.folder + screen.name + ".txt"
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    #expect(try text == String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self))
    for line in lines {
      #expect(line.displayWidth <= max(screen.presentation.width, 1), "\(line.text)")
    }
  }
}
