import FoundationEssentials
import NoteFormat
import TestSupport
import Testing

@testable import Lessons

/// `docs/seed-facts.md` must name steps that exist, and no note as missing that is there.
@Suite struct SeedFactsTests {
  static let course = try! NoteLibrary.compiled.course()
  static let path = Program.workspace.root + "/docs/seed-facts.md"

  /// The page as a note.
  private func page() throws -> Note {
    let text = try Data(contentsOf: URL(filePath: Self.path))
    return try Note.parse(Array(text), file: "docs/seed-facts.md").note
  }

  /// The rows of all tables: what people say, the verdict, and where it is taught.
  private func rows() throws -> [[[Inline]]] {
    var rows: [[[Inline]]] = []
    try page().blocks.forEachNested { block in
      if case .table(let table) = block.content { rows += table.rows }
    }
    try #require(rows.count > 50)
    return rows
  }

  @Test("Every table has the three columns, and every fact stands once")
  func form() throws {
    var headers: [[String]] = []
    try page().blocks.forEachNested { block in
      if case .table(let table) = block.content { headers.append(table.header.map(\.plainText)) }
    }
    #expect(Set(headers) == [["people say", "verdict", "step"]])
    let facts = try rows().map { $0.first?.plainText ?? "" }
    for (fact, places) in Dictionary(grouping: facts, by: { $0 }) where places.count > 1 {
      Issue.record("'\(fact)' stands \(places.count) times")
    }
    #expect(!facts.contains(""))
  }

  @Test("Every fact has a verdict, and what is not true has its correction")
  func verdicts() throws {
    for row in try rows() {
      let verdict = row.count > 1 ? row[1].plainText : ""
      #expect(
        verdict.wholeMatch(of: /true(?:; .+)?|(?:half true|false): .+/) != nil,
        "\(row[0].plainText) '\(verdict)'")
    }
  }

  @Test("Every fact has a step that exists, or the number of a note that does not yet")
  func steps() throws {
    let numbers = Set(Self.course.notes.compactMap(\.number))
    try #require(!numbers.isEmpty)
    for row in try rows() {
      let fact = row[0].plainText
      let cell = row.count > 2 ? row[2] : []
      var links: [WikiLink] = []
      cell.forEachWikiLink { links.append($0) }
      for link in links {
        let step = Self.course.notes.first { $0.slug == link.target }?.steps
          .first { $0.title.plainText == link.section }
        #expect(step != nil, "\(fact) No step '\(link.target)#\(link.section ?? "")'")
      }
      // What is left of "[[…]], more in note 07".
      let words = cell.filter { if case .wikiLink = $0 { false } else { true } }.plainText
      guard let coming = words.wholeMatch(of: /(?:, )*(?:(coming|more) in note (\d\d))?/) else {
        Issue.record("\(fact) '\(words)'")
        continue
      }
      #expect(!links.isEmpty || coming.1 == "coming", "\(fact) Taught nowhere")
      #expect(links.isEmpty || coming.1 != "coming", "\(fact) Taught, and yet to come")
      if let number = coming.2.flatMap({ Int($0) }) {
        #expect(!numbers.contains(number), "\(fact) Note \(number) is there: name its step")
      }
    }
  }
}
