import NoteFormat
import Testing

/// How far embeddings lead.
@Suite struct EmbeddingTrailTests {
  static func note(_ name: String, _ text: String) throws -> Note {
    try Note.parse(Array("# \(name)\n\n\(text)\n".utf8), file: "\(name).md").note
  }

  static func link(_ target: String, _ section: String? = nil) -> WikiLink {
    WikiLink(
      target: target, section: section, label: nil, position: SourcePosition(line: 1, column: 1))
  }

  /// Enters an embedding if it is shown; false if it can only be a link.
  static func enter(
    _ target: String, _ trail: inout EmbeddingTrail, in course: Course
  ) -> Bool {
    guard let found = trail.embedding(link(target), in: course) else { return false }
    trail.enter(found)
    return true
  }

  @Test("Inside an embedding links are those of the embedded note, and outside again the page's")
  func notes() throws {
    let a = try Self.note("A", "## Part\n\na")
    let b = try Self.note("B", "## Part\n\nb")
    let course = Course([a, b])
    var trail = EmbeddingTrail(a)
    #expect(Self.enter("B", &trail, in: course))
    #expect(trail.note.file == "B.md")
    let part = trail.embedding(Self.link("", "Part"), in: course)
    #expect(part?.blocks.map(\.inlines.plainText) == ["b"])
    trail.leave()
    #expect(trail.note.file == "A.md")
  }

  @Test("Nothing is embedded within itself, whatever lies between")
  func itself() throws {
    let notes = [try Self.note("A", "a"), try Self.note("B", "b")]
    let course = Course(notes)
    var trail = EmbeddingTrail(notes[0])
    #expect(!Self.enter("A", &trail, in: course))
    #expect(Self.enter("B", &trail, in: course))
    #expect(!Self.enter("A", &trail, in: course))
    #expect(!Self.enter("B", &trail, in: course))
    trail.leave()
    #expect(Self.enter("B", &trail, in: course))
  }

  @Test("Embeddings are three deep at most")
  func depth() throws {
    let notes = try ["A", "B", "C", "D", "E"].map { try Self.note($0, "x") }
    let course = Course(notes)
    var trail = EmbeddingTrail(notes[0])
    for name in ["B", "C", "D"] { #expect(Self.enter(name, &trail, in: course)) }
    #expect(!Self.enter("E", &trail, in: course))
    #expect(trail.note.file == "D.md")
  }

  @Test("Where embeddings have had four hundred blocks, nothing more is embedded")
  func blocks() throws {
    let page = try Self.note("A", "x")
    let long = try Self.note("B", Array(repeating: "y", count: 99).joined(separator: "\n\n"))
    let course = Course([page, long])
    var trail = EmbeddingTrail(page)
    // Each takes one for itself and one for each of its blocks.
    for _ in 0..<4 {
      #expect(Self.enter("B", &trail, in: course))
      trail.leave()
    }
    #expect(!Self.enter("B", &trail, in: course))
  }
}
