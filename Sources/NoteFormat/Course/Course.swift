/// A set of notes with their order, their names and the targets of their links.
public struct Course: Sendable {
  /// The notes in reading order.
  public let notes: [Note]
  private let indexByName: [String: Int]

  /// Creates a course of notes sorted by number, then by name.
  public init(_ notes: [Note]) {
    self.init(
      inOrder: notes.sorted {
        ($0.number ?? .max, $0.slug, $0.file) < ($1.number ?? .max, $1.slug, $1.file)
      })
  }

  /// Creates a course of notes in the given order.
  public init(inOrder notes: [Note]) {
    self.notes = notes
    var names: [String: Int] = [:]
    // A slug takes precedence over a title, and a title over an alias, in whatever order they come.
    for keys in [\Note.slugNames, \Note.titleNames, \Note.aliases] {
      for (index, note) in self.notes.enumerated() {
        for name in note[keyPath: keys] where names[Slug.normalised(name)] == nil {
          names[Slug.normalised(name)] = index
        }
      }
    }
    indexByName = names
  }

  /// The note with this slug, title, alias, file name or number.
  ///
  /// - Complexity: O(*n*) in the length of the name.
  public func note(named name: String) -> Note? {
    var name = name
    if name.hasSuffix(".md") { name.removeLast(3) }
    if let index = indexByName[Slug.normalised(name)] { return notes[index] }
    let (number, slug) = Slug.parts(ofFile: name)
    if number != nil, let index = indexByName[Slug.normalised(slug)] { return notes[index] }
    return Int(name).flatMap { number in notes.first { $0.number == number } }
  }

  /// Every name of every note, for suggestions.
  public var noteNames: [String] {
    notes.flatMap { $0.slugNames + $0.titleNames + $0.aliases }
  }

  /// The target of a wiki link; nil if there is none.
  public func destination(of link: WikiLink, in note: Note) -> (note: Note, step: Step?)? {
    guard let target = link.target.isEmpty ? note : self.note(named: link.target) else {
      return nil
    }
    guard let section = link.section?.split(separator: "#").last.map(String.init) else {
      return (target, nil)
    }
    if section.hasPrefix("^") {
      let name = String(section.dropFirst())
      if let step = target.steps.first(where: { $0.blocks.block(named: name) != nil }) {
        return (target, step)
      }
      return target.introduction.block(named: name) == nil ? nil : (target, nil)
    }
    if let step = target.step(named: section) { return (target, step) }
    // A heading within a step leads to the step, or to the start of a note without steps.
    if let step = target.steps.first(where: { $0.blocks.haveHeading(named: section) }) {
      return (target, step)
    }
    return target.introduction.haveHeading(named: section) ? (target, nil) : nil
  }

  /// Problems between the notes: dangling wiki links, and names that are used twice.
  ///
  /// - Complexity: O(*n*) in the size of all notes.
  public var problems: [Problem] {
    danglingLinks + sharedNames
  }

  private var danglingLinks: [Problem] {
    var problems: [Problem] = []
    let names = noteNames
    // A suggestion costs time proportional to the number of names, so at most a hundred are made.
    var hints: [String: String] = [:]
    func hint(_ name: String) -> String {
      if let known = hints[name] { return known }
      guard hints.count < 100 else { return "" }
      let hint = Suggestion.phrase(for: name, among: names)
      hints[name] = hint
      return hint
    }
    for note in notes {
      note.forEachWikiLink { link in
        // A file beside the notes is no note.
        guard !Attachment.isFile(link.target), destination(of: link, in: note) == nil else {
          return
        }
        let target = link.target.isEmpty ? note : self.note(named: link.target)
        let message =
          if let target, let section = link.section, section.hasPrefix("^") {
            "note '\(target.slug)' has no block '\(section)'"
          } else if let target, let section = link.section {
            "note '\(target.slug)' has no step '\(section)'"
              + Suggestion.phrase(
                for: section, among: target.steps.flatMap { [$0.anchor, $0.title.plainText] })
          } else {
            "no note is called '\(link.target)'" + hint(link.target)
          }
        problems.append(Problem(file: note.file, position: link.position, message: message))
      }
    }
    return problems
  }

  private var sharedNames: [Problem] {
    var problems: [Problem] = []
    var slugs: [String: Note] = [:]
    var examples: [String: (file: String, line: Int)] = [:]
    var exercises: [String: (file: String, line: Int)] = [:]
    for note in notes {
      if let first = slugs.updateValue(note, forKey: Slug.normalised(note.slug)) {
        problems.append(
          Problem(
            file: note.file, position: SourcePosition(line: 1, column: 1),
            message: "'\(first.file)' has the same slug '\(note.slug)'; rename one of the files"))
      }
      for example in note.examples {
        let range = example.code.range
        // The parser reports duplicates within one note.
        if let first = examples[example.id], first.file != note.file,
          !example.id.hasPrefix("example-")
        {
          problems.append(
            Problem(
              file: note.file, position: range.start,
              message: "id '\(example.id)' is taken by the example at \(first.file):\(first.line)"))
        }
        examples[example.id] = (note.file, range.start.line)
      }
      for exercise in note.exercises {
        if let first = exercises[exercise.id] {
          problems.append(
            Problem(
              file: note.file, position: exercise.position,
              message:
                "exercise '\(exercise.id)' stands already at \(first.file):\(first.line)"))
        }
        exercises[exercise.id] = (note.file, exercise.position.line)
      }
    }
    return problems
  }
}

extension Note {
  fileprivate var slugNames: [String] { [slug] }
  fileprivate var titleNames: [String] { [title] }

  /// The step with this anchor, title, or number counted from 1.
  public func step(named name: String) -> Step? {
    stepIndex(named: name).map { steps[$0] }
  }

  /// The index in `steps` of the step with this anchor, title, or number counted from 1.
  public func stepIndex(named name: String) -> Int? {
    let key = Slug.normalised(Slug.anchor(name))
    if let index = steps.firstIndex(where: { Slug.normalised($0.anchor) == key }) { return index }
    return Int(name).flatMap { steps.indices.contains($0 - 1) ? $0 - 1 : nil }
  }

  /// Calls `body` for every wiki link in the note.
  public func forEachWikiLink(_ body: (WikiLink) -> Void) {
    for step in steps { step.title.forEachWikiLink(body) }
    (blocks + footnotes.flatMap(\.blocks)).forEachNested { $0.inlines.forEachWikiLink(body) }
  }
}

extension Sequence<Block> {
  /// The block with this name, `block1` for `^block1`, among these and those inside them.
  public func block(named name: String) -> Block? {
    var found: Block?
    forEachNested { if found == nil, $0.reference == name { found = $0 } }
    return found
  }
}

extension [Block] {
  fileprivate func haveHeading(named name: String) -> Bool {
    let key = Slug.normalised(Slug.anchor(name))
    var found = false
    forEachNested { block in
      guard case .heading(_, let title) = block.content else { return }
      found = found || Slug.normalised(Slug.anchor(title.plainText)) == key
    }
    return found
  }
}
