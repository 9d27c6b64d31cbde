import NoteFormat
import TestSupport
import Testing

@testable import Lessons
@testable import Site

/// The site of a folder of own notes.
@Suite struct VaultSiteTests {
  static let path =
    String(#filePath.dropLast("SiteTests/VaultSiteTests.swift".count)) + "LessonsTests/Golden/vault"
  static let site = try! HTMLSite(OwnNotes(path))

  static func page(_ path: String) -> HTMLPage { HTMLSiteTests.page(path, in: site) }

  @Test("Every page is whole, and every link leads to a file of the site and an id on its page")
  func links() {
    let pages = Self.site.files.keys.filter { $0.hasSuffix(".html") }
    #expect(pages.count { $0.hasPrefix("notes/") } == 15)
    for path in pages {
      let page = Self.page(path)
      #expect(page.complaints.isEmpty, "\(path)")
      #expect(page.all("h1").count == 1, "\(path)")
      #expect(Set(page.ids).count == page.ids.count, "\(path)")
      for link in page.links where !link.hasPrefix("https://") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts[0].isEmpty ? path : HTMLSiteTests.resolve(String(parts[0]), from: path)
        #expect(target.flatMap { Self.site.files[$0] } != nil, "\(path): \(link)")
        if parts.count > 1, let target {
          #expect(Self.page(target).ids.contains(String(parts[1])), "\(path): \(link)")
        }
      }
    }
  }

  @Test("A table has its header, its alignment and its cells")
  func tables() {
    let page = Self.page("notes/Tables.html")
    #expect(page.all("table").count == 5)
    #expect(page.all("th").contains { $0.text == "hops" && $0.attributes["class"] == "trailing" })
    #expect(page.all("code").contains { $0.text == "a | b" && $0.ancestors.contains("td") })
    #expect(page.all("del").map(\.text).contains("gone"))
  }

  @Test("Callouts, boxes, footnotes and formulas are elements of their own")
  func constructs() {
    let callouts = Self.page("notes/Callouts.html")
    #expect(callouts.all("aside").count == 4)
    #expect(callouts.all("summary").map(\.text).contains("The box is hot"))
    let tasks = Self.page("notes/Tasks.html").all("input")
    #expect(tasks.count == 6)
    #expect(tasks.count { $0.attributes["checked"] != nil } == 3)
    let footnotes = Self.page("notes/Footnotes.html")
    #expect(footnotes.ids.filter { $0.hasPrefix("footnote:") }.count == 3)
    #expect(footnotes.links.filter { $0 == "#footnote:1" }.count == 2)
    let formulas = Self.page("notes/Formulas.html")
    #expect(formulas.all("code").contains { $0.text == "a\\,b" })
    #expect(formulas.all("pre").contains { $0.text.contains("\\sum_{k=0}^{6}") })
  }

  @Test("Pictures are found by name from any folder, and parts of notes are shown in their place")
  func embeddings() {
    let pictures = Self.page("notes/2026-03-01.html").all("img").map { $0.attributes["src"] }
    #expect(pictures == ["../pictures/pictures/house.png"])
    #expect(Self.site.files["pictures/pictures/house.png"] != nil)
    let embeds = Self.page("notes/Embeds.html").all("blockquote")
    #expect(embeds.contains { $0.text.contains("Four sockets for the inside") })
    #expect(embeds.contains { $0.text.contains("One house, one address.") })
  }

  @Test("Nothing of the course is said on pages of own notes")
  func ownName() {
    let index = HTMLSiteTests.text("index.html", in: Self.site)
    #expect(index.contains("<h1>vault</h1>"))
    #expect(!index.contains("Pathfinder"))
  }

  @Test("Notes of the same name in different folders have pages of their own")
  func sameNames() throws {
    let vault = try Vault()
    try vault.write("sub/Home.md", Array("# Other\n".utf8))
    let site = try HTMLSite(OwnNotes(vault.path))
    #expect(HTMLSiteTests.page("notes/Home-2.html", in: site).all("h1").map(\.text) == ["Other"])
  }
}
