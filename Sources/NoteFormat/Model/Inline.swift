/// A run of text inside a paragraph, a heading or a list item (CommonMark 0.30 §6).
public indirect enum Inline: Hashable, Sendable {
  case text(String)
  case code(String)
  case emphasis([Inline])
  case strong([Inline])
  case link(MarkdownLink)
  case image(source: String, description: [Inline])
  case wikiLink(WikiLink)
  /// Raw HTML, unchanged.
  case html(String)
  /// A line ending in the source that is displayed as a space.
  case softBreak
  case lineBreak
}

/// A CommonMark link: `[label](destination)` or `<https://…>`.
public struct MarkdownLink: Hashable, Sendable {
  /// The URL or path that the link leads to.
  public var destination: String
  /// The title in quotation marks after the destination; empty if there is none.
  public var title: String
  /// The text of the link.
  public var label: [Inline]
  /// The position of the link in the note.
  public var position: SourcePosition
}

/// A link to another note by its name: `[[note]]`, `[[note#section]]`, `[[note#section|label]]`.
public struct WikiLink: Hashable, Sendable {
  /// The title, slug or alias of the target note; empty for a section of the same note.
  public var target: String
  /// The heading in the target note, after `#`.
  public var section: String?
  /// The text to display, after `|`.
  public var label: String?
  /// The position of the link in the note.
  public var position: SourcePosition

  /// The text to display: the label, or the target as written if there is no label.
  public var text: String {
    if let label { return label }
    guard let section else { return target }
    return target.isEmpty ? section : "\(target): \(section)"
  }
}

extension Sequence<Inline> {
  /// The text without any styling; line endings become spaces.
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
