import Lessons
public import NoteFormat

/// What is said about all notes of a course: the glossary and the cheat sheets.
public struct CourseReference: Sendable {
  /// The glossary; without terms it has no page.
  public var glossary: Glossary
  /// The cheat sheets, which have a page each.
  public var sheets: CheatSheets

  /// Creates a reference; without arguments it is empty.
  public init(glossary: Glossary = Glossary(), sheets: CheatSheets = CheatSheets()) {
    self.glossary = glossary
    self.sheets = sheets
  }
}

/// The pages of the glossary and of the cheat sheets.
extension HTMLSite {
  static let glossaryPath = "glossary.html"

  var hasGlossary: Bool { !reference.glossary.terms.isEmpty }

  /// The page of a note's cheat sheet, beside the page of the note.
  static func sheetName(of note: Note, _ links: SiteLinks) -> String {
    String(links.fileName(of: note).dropLast(".html".count)) + ".sheet.html"
  }

  // MARK: The glossary

  mutating func addGlossary(_ links: SiteLinks) {
    guard hasGlossary else { return }
    var main = "<h1>Glossary</h1>\n"
    main += letters() + "<dl class=\"glossary\">\n"
    for term in reference.glossary.terms {
      let identifier = Markup.escaped(Self.identifier(of: term))
      main += "<dt id=\"\(identifier)\"><a href=\"#\(identifier)\">\(Markup.escaped(term.name))</a>"
      if let expansion = term.expansion { main += " <span>\(Markup.escaped(expansion))</span>" }
      main += "</dt>\n<dd>\n<p>\(Markup.escaped(term.definition.plainText))</p>\n"
      main += foot(of: term, links) + "</dd>\n"
    }
    main += "</dl>\n"
    add(
      Self.glossaryPath,
      PageFrame(
        title: "Glossary", description: "Every term of the course, defined once.", toRoot: "",
        main: main, kind: .glossary, ownName: ownName, hasGlossary: true
      ).html)
  }

  /// The fragment of a link to a term.
  static func identifier(of term: Term) -> String { "term:" + term.anchor }

  /// Links to the first term of each letter.
  private func letters() -> String {
    var html = "<nav class=\"letters\" aria-label=\"Letters\">\n"
    var last: Character?
    for term in reference.glossary.terms {
      guard let letter = term.name.uppercased().first, letter != last else { continue }
      last = letter
      html += "<a href=\"#\(Markup.escaped(Self.identifier(of: term)))\">"
      html += Markup.escaped(String(letter)) + "</a>\n"
    }
    return html + "</nav>\n"
  }

  /// The other names of a term and the steps that teach it.
  private func foot(of term: Term, _ links: SiteLinks) -> String {
    var parts: [String] = []
    if !term.aliases.isEmpty {
      parts.append("Also " + Markup.escaped(term.aliases.joined(separator: ", ")) + ".")
    }
    if let number = term.comingNote { parts.append("Note \(number) will teach it.") }
    let steps = term.lessons.indices.compactMap { index in
      term.place(lesson: index, in: course).map { place in
        let href =
          Markup.encoded(path: links.page(of: place.note))
          + links.fragment(ofStep: place.step, in: place.note)
        let title = "\(place.note.title): \(place.note.steps[place.step].title.plainText)"
        return "<a href=\"\(Markup.escaped(href))\">\(Markup.escaped(title))</a>"
      }
    }
    if !steps.isEmpty { parts.append("Taught in " + steps.joined(separator: ", ") + ".") }
    return parts.isEmpty ? "" : "<p class=\"label\">\(parts.joined(separator: " "))</p>\n"
  }

  // MARK: The cheat sheets

  /// Adds the page of a note's cheat sheet, if it has one.
  mutating func addSheet(
    of note: Note, _ links: inout SiteLinks, _ pictures: [String: ShownPictures]
  ) {
    guard let sheet = reference.sheets.sheet(of: note),
      let example = note.examples.first(where: { $0.id == sheet.example })
    else { return }
    var bare = note
    (bare.introduction, bare.steps, bare.footnotes) = ([], [], [])
    var page = NoteHTML(bare, links: links, pictures: pictures)
    if let output = example.output { page.body += page.outputHTML(output.text, of: example) }
    page.add(sheet.text)
    links = page.links
    let name = Markup.escaped(note.title)
    var main = "<article>\n<h1>\(name)</h1>\n\(page.body)</article>\n"
    main += "<p class=\"keep\">A page of <a href=\""
    main += Markup.encoded(path: links.fileName(of: note)) + "\">\(name)</a></p>\n"
    add(
      "\(SiteLinks.notesFolder)/" + Self.sheetName(of: note, links),
      PageFrame(
        title: "\(note.title), a page to keep", toRoot: "../", main: main, kind: .sheet,
        ownName: ownName, hasGlossary: hasGlossary
      ).html)
  }

  /// The glossary and the sheets on the first page.
  func referenceList(_ links: SiteLinks) -> String {
    let notes = course.notes.filter { reference.sheets.sheet(of: $0) != nil }
    guard hasGlossary || !notes.isEmpty else { return "" }
    var html = "<h2>To look things up</h2>\n<ul>\n"
    if hasGlossary {
      html += "<li><a href=\"\(Self.glossaryPath)\">Glossary</a>: every term, defined once</li>\n"
    }
    if !notes.isEmpty {
      html += "<li>A page to keep of each note: "
      html += notes.map { note in
        let path = "\(SiteLinks.notesFolder)/" + Self.sheetName(of: note, links)
        return "<a href=\"\(Markup.encoded(path: path))\">\(Markup.escaped(note.title))</a>"
      }.joined(separator: ", ")
      html += "</li>\n"
    }
    return html + "</ul>\n"
  }
}
