import Lessons

/// What every page of the exported site has around its own part.
struct PageFrame {
  static let siteName = "Pathfinder"
  static let siteSubject = "NAT, STUN, TURN and ICE, by running them"

  var title: String
  /// What search engines and previews show; left out where empty.
  var description = ""
  /// From the page's folder to the site's: empty or `../` as often as needed.
  var toRoot: String
  /// The page's own part, as HTML.
  var main: String
  var kind = Kind.note

  enum Kind: String {
    /// The first page, which names the site itself.
    case index
    case note
    /// A file of the project, which may be as wide as the screen.
    case source
  }

  var html: String {
    let name = Markup.escaped(Self.siteName)
    let fullTitle = title == Self.siteName ? name : "\(Markup.escaped(title)) – \(name)"
    let about =
      description.isEmpty
      ? "" : "<meta name=\"description\" content=\"\(Markup.escaped(description))\">\n"
    let header =
      kind == .index
      ? ""
      : """
      <header class="site">
      <a href="\(toRoot)index.html">\(name)</a> <span>\(Markup.escaped(Self.siteSubject))</span>
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
      <footer class="site">
      <p>Each output on these pages was printed by the code above it, and is compared with it by
      the workbook’s tests.</p>
      </footer>
      </body>
      </html>

      """
  }
}
