/// A run of text inside a paragraph, a heading or a list item (CommonMark 0.30 §6).
public indirect enum Inline: Hashable, Sendable {
  case text(String)
  case code(String)
  case emphasis([Inline])
  case strong([Inline])
  case strikethrough([Inline])
  case link(MarkdownLink)
  case image(source: String, description: [Inline])
  case wikiLink(WikiLink)
  /// Another note, or a part of it, in the place of its name: `![[note#section]]`.
  case embed(WikiLink)
  case math(Formula)
  case footnote(FootnoteReference)
  /// Raw HTML, unchanged.
  case html(String)
  /// A line ending in the source that is displayed as a space.
  case softBreak
  case lineBreak
}

/// A formula in TeX's notation: `$…$` within a line, `$$…$$` on lines of its own.
public struct Formula: Hashable, Sendable {
  /// The formula as it is written, without the dollar signs.
  public var text: String
  /// Whether it stands apart from the lines around it.
  public var isDisplay: Bool
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

  /// Creates a link.
  public init(target: String, section: String?, label: String?, position: SourcePosition) {
    self.target = target
    self.section = section
    self.label = label
    self.position = position
  }

  /// The text to display: the label, or the target as written if there is no label.
  public var text: String {
    if let label { return label }
    guard let section else { return target }
    // The name of a block says nothing to a reader.
    if section.hasPrefix("^"), !target.isEmpty { return target }
    return target.isEmpty ? section : "\(target): \(section)"
  }
}

extension Inline {
  /// The inline elements directly inside this one, such as the label of a link.
  public var children: [Inline] {
    switch self {
    case .emphasis(let children), .strong(let children), .strikethrough(let children),
      .image(_, let children):
      children
    case .link(let link): link.label
    default: []
    }
  }
}

extension Sequence<Inline> {
  /// The text without any styling; line endings become spaces.
  public var plainText: String {
    var text = ""
    for inline in self {
      switch inline {
      case .text(let words), .code(let words): text += words
      case .emphasis, .strong, .strikethrough, .image, .link: text += inline.children.plainText
      case .wikiLink(let link), .embed(let link): text += link.text
      case .math(let formula): text += formula.text
      case .html, .footnote: break
      case .softBreak, .lineBreak: text += " "
      }
    }
    return text
  }
}
