import Lessons

/// The common frame of all pages of the site.
struct PageFrame {
  static let siteName = "Pathfinder"
  static let siteSubject = "NAT, STUN, TURN and ICE, by running them"

  var title: String
  /// The description for search engines and previews; omitted if empty.
  var description = ""
  /// The relative path from the page's folder to the site's: empty or a sequence of `../`.
  var toRoot: String
  /// The contents of the page, as HTML.
  var main: String
  var kind = Kind.note
  /// The name of a site of own notes; nil for the course.
  var ownName: String?
  /// Whether the site has a glossary, which every page leads to.
  var hasGlossary = false

  enum Kind: String {
    /// The first page, which has the name of the site as its title.
    case index
    case note
    /// A source file of the project, which may use the width of the screen.
    case source
    case glossary
    /// A cheat sheet, which is printed on one sheet of paper.
    case sheet
  }

  var html: String {
    let siteName = ownName ?? Self.siteName
    let name = Markup.escaped(siteName)
    let fullTitle = title == siteName ? name : "\(Markup.escaped(title)) – \(name)"
    let about =
      description.isEmpty
      ? "" : "<meta name=\"description\" content=\"\(Markup.escaped(description))\">\n"
    let subject = ownName == nil ? "<span>\(Markup.escaped(Self.siteSubject))</span>" : ""
    let glossary =
      hasGlossary && kind != .glossary
      ? "<a class=\"words\" href=\"\(toRoot)\(HTMLSite.glossaryPath)\">Glossary</a>" : ""
    let promise = """
      <footer class="site">
      <p>Each output on these pages was printed by the code above it, and is compared with it by
      the workbook’s tests.</p>
      </footer>

      """
    let header =
      kind == .index
      ? ""
      : """
      <header class="site">
      <a href="\(toRoot)index.html">\(name)</a> \(subject)\(glossary)
      </header>

      """
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(about)<title>\(fullTitle)</title>
      <link rel="icon" href="\(toRoot)icon.svg" type="image/svg+xml">
      <link rel="stylesheet" href="\(toRoot)style.css">
      </head>
      <body class="\(kind.rawValue)">
      <a class="skip" href="#page:text">Skip to the text</a>
      \(header)<main id="page:text">
      \(main)</main>
      \(ownName == nil ? promise : "")</body>
      </html>

      """
  }
}
