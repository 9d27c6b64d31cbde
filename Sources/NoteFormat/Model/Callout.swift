/// A quote that opens with `[!KIND]`, as GitHub and Obsidian write notes, tips and warnings.
public struct Callout: Hashable, Sendable {
  /// The word in brackets, in lower case: `note`, `warning`.
  public var kind: String
  /// The rest of the opening line; empty where the kind is the title.
  public var title: [Inline]
  /// Whether the blocks can be folded, and are folded at first.
  public var folding: Folding
  /// The blocks below the title.
  public var blocks: [Block]

  /// Whether a callout can be folded: by `-` or `+` after the kind.
  public enum Folding: Hashable, Sendable {
    case none, open, closed
  }

  /// The title as a reader sees it: that of the note, or the kind with a capital letter.
  public var displayTitle: [Inline] {
    title.isEmpty ? [.text(kind.prefix(1).uppercased() + kind.dropFirst())] : title
  }

  /// The first words of a callout, read from a quote's first paragraph; nil if it is a plain quote.
  ///
  /// `[!warning]- Title`: the kind in brackets, the folding, the title up to the end of the line.
  init?(_ quote: [Block]) {
    guard let first = quote.first, case .paragraph(let inlines) = first.content,
      case .text(let text) = inlines.first, text.hasPrefix("[!"),
      let end = text.firstIndex(of: "]")
    else { return nil }
    // Behind a bar Obsidian keeps what a style sheet may want to know.
    kind = text[text.index(text.startIndex, offsetBy: 2)..<end].prefix { $0 != "|" }.lowercased()
    guard !kind.isEmpty, !kind.contains(where: { $0.isWhitespace || $0 == "[" }) else { return nil }
    var rest = text[text.index(after: end)...]
    switch rest.first {
    case "-": folding = .closed
    case "+": folding = .open
    default: folding = .none
    }
    if folding != .none { rest.removeFirst() }
    let line = inlines.firstIndex { $0 == .softBreak || $0 == .lineBreak } ?? inlines.endIndex
    let words = rest.drop { $0 == " " || $0 == "\t" }
    title = (words.isEmpty ? [] : [.text(String(words))]) + inlines[..<line].dropFirst()
    blocks = Array(quote.dropFirst())
    let body = Array(inlines[line...].dropFirst())
    if !body.isEmpty {
      var start = first.range
      if start.start.line < start.endLine { start.start.line += 1 }
      blocks.insert(Block(.paragraph(body), start), at: 0)
    }
  }
}
