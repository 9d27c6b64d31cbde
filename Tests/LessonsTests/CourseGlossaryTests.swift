import FoundationEssentials
import NoteFormat
import ProgramSupport
import Terminal
import TestSupport
import Testing

@testable import Lessons

/// The course's glossary: every term is taught where it says, and none is used before.
@Suite struct CourseGlossaryTests {
  static let course = try! NoteLibrary.compiled.course()
  static let glossary = try! NoteLibrary.glossary()
  /// The last note of the road so far, whose readers know no more than what stands before it.
  static let lastNote = 13

  @Test("The glossary keeps its format, and each term leads to a step that uses it")
  func format() throws {
    let path = Program.workspace.root + "/" + Self.glossary.file
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let (glossary, problems) = try Glossary.parse(bytes, file: Self.glossary.file)
    #expect(problems.map(\.description) == [])
    #expect(glossary.problems(in: Self.course).map(\.description) == [])
    #expect(glossary.terms.count >= 100)
    #expect(glossary.terms.map(\.name) == Self.glossary.terms.map(\.name))
  }

  @Test("No core step on the road uses a term before the step that teaches it")
  func order() {
    let steps = Self.course.notes.flatMap { note in
      note.steps.indices.map { (note: note, index: $0) }
    }
    // A term of a note off the road, or of one to come, is taught after all of them.
    var taught: [String: Int] = [:]
    for term in Self.glossary.terms {
      guard let place = term.place(in: Self.course) else { continue }
      taught[term.name] = steps.firstIndex {
        $0.note.slug == place.note.slug && $0.index == place.step
      }
    }
    for (index, place) in steps.enumerated() {
      let step = place.note.steps[place.index]
      let title = step.title.plainText
      guard (place.note.number ?? .max) <= Self.lastNote, !title.hasSuffix("(extra)") else {
        continue
      }
      for term in Self.glossary.terms(in: step) where index < taught[term.name] ?? .max {
        Issue.record("'\(term.name)' stands in \(place.note.slug)#\(title), before it is taught")
      }
    }
    // The steps were looked at.
    #expect(taught.count > 100)
  }

  @Test("A definition begins with a capital letter or with the term, and does not name it twice")
  func definitions() {
    for term in Self.glossary.terms {
      let text = term.definition.plainText
      #expect(text.first?.isUppercase == true, "\(term.name)")
      #expect(text.count <= 200, "\(term.name) has \(text.count) characters")
    }
  }
}

/// The course's cheat sheets.
@Suite struct CourseCheatSheetTests {
  static let course = CourseGlossaryTests.course
  static let sheets = try! NoteLibrary.cheatSheets()

  @Test("The sheets keep their format, name what the course has, and each note has one")
  func format() throws {
    let path = Program.workspace.root + "/" + Self.sheets.file
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let (sheets, problems) = try CheatSheets.parse(bytes, file: Self.sheets.file)
    #expect(problems.map(\.description) == [])
    #expect(sheets.problems(in: Self.course).map(\.description) == [])
    let notes = sheets.sheets.map(\.note)
    #expect(Set(notes).count == notes.count)
    let road = Self.course.notes.filter { ($0.number ?? .max) <= CourseGlossaryTests.lastNote }
    #expect(Set(notes).isSuperset(of: road.map(\.slug)))
  }

  @Test("A sheet fits a page of text: eighty columns, fifty lines", arguments: sheets.sheets)
  func size(sheet: CheatSheet) throws {
    let note = try #require(Self.course.note(named: sheet.note))
    let lines = CheatSheetPage.lines(
      of: sheet, for: note, Presentation(plain: false, unicode: true, width: 80))
    #expect(lines.count <= 50)
    #expect(lines.allSatisfy { $0.displayWidth <= 80 })
    let text = lines.map(\.text).joined(separator: "\n")
    #expect(text.hasPrefix(note.title))
    for part in ["1. ", "2. ", "3. ", sheet.numbers.rows[0][0].plainText] {
      #expect(text.contains(part))
    }
    let picture = try #require(CheatSheetPage.picture(of: sheet, in: note))
    #expect(text.contains(picture.trimmingSuffix("\n")))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return String(text)
  }
}
