/// The terms of a course in the order of the alphabet.
public struct Glossary: Sendable {
  /// The terms.
  public let terms: [Term]
  /// The path of its file, for messages.
  public let file: String
  private let finder: TermFinder

  /// Creates a glossary of terms in the order of the alphabet; without any it explains nothing.
  public init(_ terms: [Term] = [], file: String = "") {
    self.terms = terms
    self.file = file
    finder = TermFinder(terms)
  }

  /// Parses a glossary: a heading for each term, its definition, and a line that says who teaches it.
  ///
  ///     ## NAT (Network Address Translation)
  ///
  ///     A box that writes one address over another.
  ///
  ///     Also: translator. Taught in [[nat-table#Step]], [[note#Another step]].
  ///
  /// A term of a note that is not written yet ends in `Coming in note 07.` instead.
  ///
  /// - Returns: the terms that could be read, and all violations in file order.
  /// - Throws: a `Problem` only if the text is no note at all (see `Note.parse`).
  public static func parse(
    _ bytes: [UInt8], file: String
  ) throws(Problem) -> (glossary: Glossary, problems: [Problem]) {
    let (note, problems) = try Note.parse(bytes, file: file)
    var parser = GlossaryParser(file: file)
    for step in note.steps { parser.read(step) }
    return (
      Glossary(parser.terms, file: file),
      (problems + parser.problems).sorted { $0.position < $1.position }
    )
  }

  /// The term with this name, whatever its case and also in the plural; nil if there is none.
  public func term(named name: String) -> Term? {
    let wanted = Slug.normalised(name)
    let exact = terms.first { $0.names.contains { Slug.normalised($0) == wanted } }
    return exact ?? finder.terms(in: [.text(name)], whole: true).first.map { terms[$0] }
  }

  /// The terms of which a word of some name begins with these letters, those that begin with them first.
  public func terms(beginningWith letters: String) -> [Term] {
    let letters = letters.lowercased()
    func rank(_ term: Term) -> Int? {
      let names = term.names.map { $0.lowercased() }
      if names.contains(letters) { return 0 }
      if names.contains(where: { $0.hasPrefix(letters) }) { return 1 }
      let isInside = names.contains { name in
        name.indices.contains { index in
          index > name.startIndex && " -".contains(name[name.index(before: index)])
            && name[index...].hasPrefix(letters)
        }
      }
      return isInside ? 2 : nil
    }
    let ranked = terms.compactMap { term in rank(term).map { (term, $0) } }
    return (0...2).flatMap { wanted in ranked.filter { $0.1 == wanted }.map(\.0) }
  }

  /// The terms that a step uses, in the order in which they first occur.
  ///
  /// Code, links, answers and hints do not count: what is on the page before anything is done does.
  public func terms(in step: Step) -> [Term] {
    var found: Set<Int> = []
    return step.openText.flatMap { finder.terms(in: $0) }
      .filter { found.insert($0).inserted }.map { terms[$0] }
  }

  /// Whether a step has one of a term's names, be it as a part of a longer term.
  func uses(_ term: Term, in step: Step) -> Bool {
    let alone = TermFinder([term])
    return step.openText.contains { !alone.terms(in: $0).isEmpty }
  }

  // MARK: Beside a course

  /// Problems between the glossary and a course: terms that lead to no step, or to one without them.
  ///
  /// - Complexity: O(*n* · *m*) in the number of terms and the size of a step.
  public func problems(in course: Course) -> [Problem] {
    var problems: [Problem] = []
    func report(_ position: SourcePosition, _ message: String) {
      problems.append(Problem(file: file, position: position, message: message))
    }
    for term in terms {
      if let number = term.comingNote, course.notes.contains(where: { $0.number == number }) {
        report(term.position, "note \(number) is there: name the step that teaches '\(term.name)'")
      }
      for link in term.lessons {
        guard let note = course.note(named: link.target) else {
          report(
            link.position,
            "no note is called '\(link.target)'"
              + Suggestion.phrase(for: link.target, among: course.noteNames))
          continue
        }
        let name = link.section ?? ""
        guard let step = note.step(named: name) else {
          report(
            link.position,
            "note '\(note.slug)' has no step '\(name)'"
              + Suggestion.phrase(for: name, among: note.steps.map(\.title.plainText)))
          continue
        }
        if !uses(term, in: step) {
          report(link.position, "the step '\(name)' does not use the word '\(term.name)'")
        }
      }
    }
    return problems
  }
}
