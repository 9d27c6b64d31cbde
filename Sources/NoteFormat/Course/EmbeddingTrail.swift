/// The embeddings around the block of a page that is being laid out.
///
/// It bounds what embeddings add to a page: none is shown within itself, at most three within each
/// other, and none more once they have had 400 blocks together.
public struct EmbeddingTrail: Sendable {
  private static let deepest = 3
  private static let mostBlocks = 400

  /// The note whose blocks are being laid out, which differs within an embedding.
  public private(set) var note: Note
  /// What is shown around the block, the page's own note first.
  private var shown: [(key: String, note: Note)]
  private var blockCount = 0

  /// Creates the trail of a note's page, outside all embeddings.
  public init(_ note: Note) {
    self.note = note
    shown = [(note.file, note)]
  }

  /// What an embedding shows here; nil if it can only be a link.
  ///
  /// - Complexity: O(*n*) in the number of the embedded note's blocks.
  public mutating func embedding(_ link: WikiLink, in course: Course) -> Embedding? {
    blockCount += 1
    guard shown.count <= Self.deepest, blockCount <= Self.mostBlocks,
      let found = course.embedding(link, in: note), !shown.contains(where: { $0.key == found.key })
    else { return nil }
    return found
  }

  /// Goes into an embedding, whose blocks are laid out next; `leave` must follow them.
  public mutating func enter(_ embedding: Embedding) {
    embedding.blocks.forEachNested { _ in blockCount += 1 }
    shown.append((embedding.key, embedding.note))
    note = embedding.note
  }

  /// Goes back out of the embedding that was entered last.
  ///
  /// - Precondition: one was entered.
  public mutating func leave() {
    precondition(shown.count > 1, "no embedding was entered")
    shown.removeLast()
    note = shown[shown.count - 1].note
  }
}
