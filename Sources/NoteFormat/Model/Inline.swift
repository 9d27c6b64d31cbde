/// A run of text inside a paragraph, a heading or a list item (CommonMark 0.30 §6).
public indirect enum Inline: Hashable, Sendable {
  case text(String)
  case code(String)
  case emphasis([Inline])
  case strong([Inline])
  case link(Link)
  case image(source: String, description: [Inline])
  case wikiLink(WikiLink)
  /// Raw HTML, kept as it stands.
  case html(String)
  /// A line end in the source that is a space on the page.
  case softBreak
  case lineBreak
}

/// A link in CommonMark's own form: `[label](destination)` or `<https://…>`.
public struct Link: Hashable, Sendable {
  public var destination: String
  public var title: String
  public var label: [Inline]
  public var position: SourcePosition
}

/// A link to another note by its name: `[[note]]`, `[[note#section]]`, `[[note#section|label]]`.
public struct WikiLink: Hashable, Sendable {
  /// The note's title, slug or alias; empty for a section of the note it stands in.
  public var target: String
  public var section: String?
  public var label: String?
  public var position: SourcePosition

  /// What the reader sees: the label where there is one, else the target as written.
  public var text: String {
    if let label { return label }
    guard let section else { return target }
    return target.isEmpty ? section : "\(target): \(section)"
  }
}

extension Sequence<Inline> {
  /// The words alone, without any styling; line ends become spaces.
  public var plainText: String {
    var text = ""
    for inline in self {
      switch inline {
      case .text(let words), .code(let words): text += words
      case .emphasis(let children), .strong(let children), .image(_, let children):
        text += children.plainText
      case .link(let link): text += link.label.plainText
      case .wikiLink(let link): text += link.text
      case .html: break
      case .softBreak, .lineBreak: text += " "
      }
    }
    return text
  }
}
