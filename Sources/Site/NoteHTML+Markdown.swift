import Lessons
import NoteFormat

/// What Markdown has beyond CommonMark: tables, callouts, boxes, footnotes, formulas, embedded notes.
extension NoteHTML {
  /// Adds an element that is a paragraph by itself; false for one that is text.
  mutating func addAlone(_ inline: Inline) -> Bool {
    switch inline {
    case .math(let formula) where formula.isDisplay:
      body += "<pre class=\"math\"><code>\(Markup.escaped(formula.text))\n</code></pre>\n"
    case .embed(let link): return addEmbedding(link)
    default: return false
    }
    return true
  }

  mutating func addHTML(_ html: String) {
    for line in RawHTML.text(of: html).split(separator: "\n") {
      body += "<p>\(Markup.escaped(line))</p>\n"
    }
  }

  static func box(isTicked: Bool) -> String {
    let state = isTicked ? " checked=\"checked\" aria-label=\"done\"" : " aria-label=\"to do\""
    return "<input type=\"checkbox\" disabled=\"disabled\"\(state)>"
  }

  // MARK: Tables

  mutating func add(_ table: Table) {
    body += "<div class=\"table\">\n<table>\n<thead>\n<tr>"
    for (cell, alignment) in zip(table.header, table.alignments) {
      body += "<th scope=\"col\"\(Self.attribute(alignment))>\(html(cell))</th>"
    }
    body += "</tr>\n</thead>\n"
    if !table.rows.isEmpty {
      body += "<tbody>\n"
      for row in table.rows {
        body += "<tr>"
        for (cell, alignment) in zip(row, table.alignments) {
          body += "<td\(Self.attribute(alignment))>\(html(cell))</td>"
        }
        // A row needs a cell.
        body += row.isEmpty ? "<td></td></tr>\n" : "</tr>\n"
      }
      body += "</tbody>\n"
    }
    body += "</table>\n</div>\n"
  }

  private static func attribute(_ alignment: Table.Alignment) -> String {
    switch alignment {
    case .leading: ""
    case .center: " class=\"center\""
    case .trailing: " class=\"trailing\""
    }
  }

  // MARK: Callouts

  mutating func add(_ callout: Callout) {
    let name = Self.className(of: callout.kind)
    let title = html(callout.displayTitle, mayLink: false)
    if callout.folding == .closed {
      addDetails(title, class: "callout \(name)") { $0.add(callout.blocks) }
    } else {
      body += "<aside class=\"callout \(name)\">\n<p class=\"title\">\(title)</p>\n"
      add(callout.blocks)
      body += "</aside>\n"
    }
  }

  private static func className(of kind: String) -> String {
    switch kind {
    case "warning", "caution", "attention", "important": "warning"
    case "danger", "error", "failure", "fail", "missing", "bug": "danger"
    default: "note"
    }
  }

  // MARK: Footnotes

  mutating func footnote(_ reference: FootnoteReference, mayLink: Bool) -> String {
    let number = reference.number
    // The footnotes of an embedded note are on its own page.
    guard mayLink, source.file == note.file else { return "<sup>\(number)</sup>" }
    let isFirst = referredFootnotes.insert(number).inserted
    let identifier = isFirst ? " id=\"footnote-from:\(number)\"" : ""
    return "<sup><a href=\"#footnote:\(number)\"\(identifier)>\(number)</a></sup>"
  }

  mutating func addFootnotes() {
    let footnotes = note.footnotes(of: note.blocks)
    guard !footnotes.isEmpty else { return }
    body += "<section class=\"footnotes\" aria-label=\"Footnotes\">\n<ol>\n"
    for footnote in footnotes {
      let number = footnote.number
      body += "<li id=\"footnote:\(number)\" value=\"\(number)\">"
      add(footnote.blocks, isTight: footnote.blocks.count == 1)
      if referredFootnotes.contains(number) {
        body += "<a href=\"#footnote-from:\(number)\" aria-label=\"Back to the text\">↩</a>"
      }
      body += "</li>\n"
    }
    body += "</ol>\n</section>\n"
  }

  // MARK: Embedded notes

  /// Adds what an embedding shows; false if it can only be a link.
  private mutating func addEmbedding(_ link: WikiLink) -> Bool {
    guard let found = embeddings.embedding(link, in: links.course) else { return false }
    var titled = link
    titled.label = found.title
    body += "<blockquote class=\"embed\">\n<p class=\"label\">\(html([.wikiLink(titled)]))</p>\n"
    embeddings.enter(found)
    add(found.blocks)
    embeddings.leave()
    body += "</blockquote>\n"
    return true
  }
}
