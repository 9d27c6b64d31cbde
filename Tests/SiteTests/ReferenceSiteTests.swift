import NoteFormat
import TestSupport
import Testing

@testable import Lessons
@testable import Site

/// The pages of the glossary and of the cheat sheets.
@Suite struct ReferenceSiteTests {
  static let course = HTMLSiteTests.course
  static let reference = try! CourseReference(
    glossary: NoteLibrary.glossary(), sheets: NoteLibrary.cheatSheets())
  static let site = try! HTMLSite(course, workspace: Program.workspace, reference: reference)
  static let pages = site.files.keys.filter { $0.hasSuffix(".html") }.sorted()

  private func page(_ path: String) -> HTMLPage { HTMLSiteTests.page(path, in: Self.site) }

  @Test("The glossary has every term as an anchor, with its definition and links to its steps")
  func glossary() {
    let page = page("glossary.html")
    let text = HTMLSiteTests.text("glossary.html", in: Self.site)
    for term in Self.reference.glossary.terms {
      #expect(page.ids.contains("term:" + term.anchor), "\(term.name)")
      #expect(text.contains(Markup.escaped(term.definition.plainText)), "\(term.name)")
      for link in term.lessons {
        #expect(page.links.contains { $0.hasPrefix("notes/\(link.target).html#") }, "\(term.name)")
      }
    }
  }

  @Test("Every other page leads to the glossary, and to nothing that is not there")
  func links() {
    #expect(Self.pages.count > Self.course.notes.count * 2)
    let pages = Dictionary(uniqueKeysWithValues: Self.pages.map { ($0, page($0)) })
    let ids = pages.mapValues { Set($0.ids) }
    for (path, page) in pages {
      #expect(page.complaints.isEmpty, "\(path)")
      #expect(Set(page.ids).count == page.ids.count, "\(path)")
      #expect(page.all("h1").count == 1, "\(path)")
      var targets: [String] = []
      for link in page.links where !link.hasPrefix("https://") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let target =
          parts[0].isEmpty ? path : HTMLSiteTests.resolve(String(parts[0]), from: path) ?? ""
        targets.append(target)
        #expect(Self.site.files[target] != nil, "\(path): \(link)")
        guard parts.count > 1 else { continue }
        let isThere = ids[target]?.contains {
          parts[1] == $0 || parts[1] == Markup.encoded(path: $0)
        }
        #expect(isThere == true, "\(path): \(link)")
      }
      #expect(targets.contains("glossary.html"), "\(path)")
    }
  }

  @Test("Each note has a page to keep, with its picture, its sentences and its numbers")
  func sheets() throws {
    for sheet in Self.reference.sheets.sheets {
      let path = "notes/\(sheet.note).sheet.html"
      let page = page(path)
      #expect(self.page("notes/\(sheet.note).html").links.contains("\(sheet.note).sheet.html"))
      #expect(self.page("index.html").links.contains(path))
      #expect(page.all("body").first?.attributes["class"] == "sheet")
      let note = try #require(Self.course.note(named: sheet.note))
      let picture = try #require(CheatSheetPage.picture(of: sheet, in: note))
      #expect(page.all("pre").map(\.text).contains(picture), "\(path)")
      #expect(page.all("li").count == 3, "\(path)")
      #expect(page.all("tr").count == sheet.numbers.rows.count + 1, "\(path)")
    }
  }

  @Test("A sheet of paper has no header and no footer, and is A4")
  func paper() {
    let style = HTMLSiteTests.text("style.css", in: Self.site)
    #expect(style.contains("@page sheet { size: A4;"))
    #expect(style.contains(".sheet { page: sheet; }"))
  }

  @Test("A site of notes without a glossary has no word of it")
  func without() {
    #expect(HTMLSiteTests.site.files["glossary.html"] == nil)
    for (path, bytes) in HTMLSiteTests.site.files where path.hasSuffix(".html") {
      #expect(!String(decoding: bytes, as: UTF8.self).contains("glossary.html"), "\(path)")
    }
  }
}
