/// A term of the course: its definition, and the steps that teach it.
public struct Term: Hashable, Sendable {
  /// The term, as the RFCs have it.
  public var name: String
  /// An abbreviation written out; nil for a term that is none.
  public var expansion: String?
  /// Its other names.
  public var aliases: [String]
  /// The definition, one or two sentences.
  public var definition: [Inline]
  /// The steps that teach it, the one that comes first at the beginning.
  public var lessons: [WikiLink]
  /// The number of the note that will teach it; nil for a term that a step teaches.
  public var comingNote: Int?
  /// The position of its heading in the glossary.
  public var position: SourcePosition

  /// Every name that it can be looked up by.
  public var names: [String] { [name] + [expansion].compactMap(\.self) + aliases }

  /// The name with its expansion: `NAT (Network Address Translation)`.
  public var title: String { expansion.map { "\(name) (\($0))" } ?? name }

  /// The term as a link fragment: `transport-address`.
  public var anchor: String { Slug.anchor(name) }

  /// A step that teaches it, by its place in a course; nil if there is none.
  ///
  /// - Parameter lesson: an index of `lessons`; the first one teaches the term, the others say more.
  public func place(lesson: Int = 0, in course: Course) -> (note: Note, step: Int)? {
    guard lessons.indices.contains(lesson), let note = course.note(named: lessons[lesson].target),
      let step = lessons[lesson].section.flatMap({ note.stepIndex(named: $0) })
    else { return nil }
    return (note, step)
  }
}
