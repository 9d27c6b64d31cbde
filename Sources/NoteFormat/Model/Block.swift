/// A block of a note with its source range (CommonMark 0.30 §4, §5).
public struct Block: Hashable, Sendable {
  /// The kind of block, with its contents.
  public var content: Content
  /// The lines of the note that the block occupies.
  public var range: SourceRange
  /// The name at its end by which wiki links refer to it: `block1` for `^block1`; nil for none.
  public var reference: String?

  /// Creates a block at a range of the note.
  public init(_ content: Content, _ range: SourceRange) {
    self.content = content
    self.range = range
  }

  /// The kinds of block: those of CommonMark first, then those of the note format.
  public indirect enum Content: Hashable, Sendable {
    case paragraph([Inline])
    case heading(level: Int, [Inline])
    case list(ListBlock)
    case quote([Block])
    case callout(Callout)
    case table(Table)
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
public struct ListBlock: Hashable, Sendable {
  /// Nil for a bullet list.
  public var start: Int?
  /// Whether no blank lines separate the items.
  public var isTight: Bool
  /// The blocks of each item.
  public var items: [[Block]]
  /// Whether the box of an item is ticked, by the item's index; no entry for an item without a box.
  public var boxes: [Int: Bool] = [:]
}

/// Code that is displayed, but neither compiled nor checked.
public struct CodeBlock: Hashable, Sendable {
  /// The first word of the info string, such as `swift` or `text`; empty if there is none.
  public var language: String
  /// The code; every line ends in a line feed.
  public var text: String
}

/// Blocks that are folded until the reader opens them: `<details><summary>…</summary>`.
public struct Details: Hashable, Sendable {
  /// The text that is visible while the blocks are folded.
  public var summary: String
  /// The folded blocks.
  public var blocks: [Block]
}
