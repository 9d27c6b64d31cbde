/// A footnote: `[^name]: text` anywhere in a note, for each `[^name]` in its text.
public struct Footnote: Hashable, Sendable {
  /// The name between `[^` and `]`.
  public var name: String
  /// The number by which it is shown: 1 for the one that the note refers to first.
  public var number: Int
  /// What the footnote says.
  public var blocks: [Block]
}

/// A reference to a footnote within a line.
public struct FootnoteReference: Hashable, Sendable {
  /// The name between `[^` and `]`.
  public var name: String
  /// The number of the footnote.
  public var number: Int
}

extension Note {
  /// The footnotes that some blocks refer to, directly or from a footnote, by number.
  ///
  /// - Complexity: O(*n*) in the number of inline elements.
  public func footnotes(of blocks: some Sequence<Block>) -> [Footnote] {
    guard !footnotes.isEmpty else { return [] }
    let byName = Dictionary(
      footnotes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var found: Set<String> = []
    var pending: [Footnote] = []
    func collect(_ blocks: some Sequence<Block>) {
      blocks.forEachNested { block in
        block.inlines.forEachFootnote { reference in
          guard found.insert(reference.name).inserted, let note = byName[reference.name] else {
            return
          }
          pending.append(note)
        }
      }
    }
    collect(blocks)
    var result: [Footnote] = []
    // A footnote may refer to others, and to itself.
    while let next = pending.popLast() {
      result.append(next)
      collect(next.blocks)
    }
    return result.sorted { $0.number < $1.number }
  }
}

extension Sequence<Inline> {
  /// Calls `body` for every reference to a footnote, including those inside emphasis and labels.
  public func forEachFootnote(_ body: (FootnoteReference) -> Void) {
    for inline in self {
      if case .footnote(let reference) = inline { body(reference) }
      inline.children.forEachFootnote(body)
    }
  }
}
