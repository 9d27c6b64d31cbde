/// A piece of a note that stands on lines of its own, with where it stands (CommonMark 0.30 §4, §5).
public struct Block: Hashable, Sendable {
  public var content: Content
  public var range: SourceRange

  public init(_ content: Content, _ range: SourceRange) {
    self.content = content
    self.range = range
  }

  /// What a block can be: CommonMark's own kinds first, then those that a note adds.
  public indirect enum Content: Hashable, Sendable {
    case paragraph([Inline])
    case heading(level: Int, [Inline])
    case list(List)
    case quote([Block])
    case code(CodeBlock)
    case html(String)
    case thematicBreak
    case details(Details)
    case example(Example)
    case quotation(Quotation)
    case stunMessage(STUNMessageFence)
    case question(Question)
    case exercise(Exercise)
  }
}

/// A bullet list, or an ordered one with the number it starts at.
public struct List: Hashable, Sendable {
  /// Nil for a bullet list.
  public var start: Int?
  /// Whether the items stand without blank lines between them.
  public var isTight: Bool
  public var items: [[Block]]
}

/// Code that is shown and neither compiled nor checked.
public struct CodeBlock: Hashable, Sendable {
  /// The info string's first word, such as `swift` or `text`; empty where there is none.
  public var language: String
  public var text: String
}

/// Text that stays folded until the reader asks for it: `<details><summary>…</summary>`.
public struct Details: Hashable, Sendable {
  public var summary: String
  public var blocks: [Block]
}
