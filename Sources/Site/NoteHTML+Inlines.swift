import NoteFormat
import STUNCodec

extension NoteHTML {
  /// Inline elements as HTML; raw HTML in a note is omitted.
  mutating func html(_ inlines: [Inline], mayLink: Bool = true) -> String {
    var result = ""
    for inline in inlines {
      switch inline {
      case .text(let words): result += Markup.escaped(words)
      case .code(let code): result += "<code>\(Markup.escaped(code))</code>"
      case .emphasis(let children): result += "<em>\(html(children, mayLink: mayLink))</em>"
      case .strong(let children): result += "<strong>\(html(children, mayLink: mayLink))</strong>"
      case .strikethrough(let children): result += "<del>\(html(children, mayLink: mayLink))</del>"
      case .math(let formula):
        result += "<code class=\"math\">\(Markup.escaped(formula.text))</code>"
      case .footnote(let reference): result += footnote(reference, mayLink: mayLink)
      case .link(let link):
        let label = html(link.label, mayLink: false)
        let destination = mayLink ? links.destination(of: link, in: source) : nil
        result += anchor(destination, label, title: link.title)
      case .image(let source, let description): result += image(source, description)
      case .wikiLink(let link), .embed(let link):
        let label = Markup.escaped(link.text)
        result += anchor(mayLink ? links.destination(of: link, in: source) : nil, label)
      case .html: break
      case .softBreak: result += "\n"
      case .lineBreak: result += "<br>\n"
      }
    }
    return result
  }

  private func anchor(_ destination: String?, _ label: String, title: String = "") -> String {
    guard let destination, !label.isEmpty else { return label }
    let title = title.isEmpty ? "" : " title=\"\(Markup.escaped(title))\""
    return "<a href=\"\(Markup.escaped(destination))\"\(title)>\(label)</a>"
  }

  private mutating func image(_ source: String, _ description: [Inline]) -> String {
    let words = Markup.escaped(description.plainText)
    guard let path = links.picture(source, in: self.source) else {
      return "[picture: \(words.isEmpty ? Markup.escaped(source) : words)]"
    }
    return "<img src=\"\(Markup.escaped(path))\" alt=\"\(words)\">"
  }
}
