/// Reads the terms of a glossary from the steps of a note.
struct GlossaryParser {
  let file: String
  private(set) var terms: [Term] = []
  private(set) var problems: [Problem] = []
  /// The term that has a name, by the name as it is looked up.
  private var owners: [String: Term] = [:]

  init(file: String) {
    self.file = file
  }

  private mutating func report(_ position: SourcePosition, _ message: String) {
    problems.append(Problem(file: file, position: position, message: message))
  }

  mutating func read(_ step: Step) {
    let position = step.range.start
    let (name, expansion) = Self.heading(step.title.plainText)
    guard step.blocks.count == 2, case .paragraph(let definition) = step.blocks[0].content,
      case .paragraph(let foot) = step.blocks[1].content
    else {
      report(
        position,
        "the term '\(name)' needs two paragraphs: its definition, and 'Taught in [[note#step]].'")
      return
    }
    var term = Term(
      name: name, expansion: expansion, aliases: [], definition: definition, lessons: [],
      comingNote: nil, position: position)
    checkSentences(of: term, at: step.blocks[0].range.start)
    guard readFoot(foot, into: &term) else {
      report(
        step.blocks[1].range.start,
        "write 'Also: NAME, NAME. Taught in [[note#step]], [[note#step]].' or 'Coming in note 07.'")
      return
    }
    if let last = terms.last, last.name.lowercased() > name.lowercased() {
      report(position, "terms stand in the order of the alphabet: '\(name)' before '\(last.name)'")
    }
    for name in term.names {
      let owner = owners.updateValue(term, forKey: Slug.normalised(name))
      // `MESSAGE-INTEGRITY` may be message integrity, too.
      if let owner, owner.name != term.name {
        report(
          position, "'\(name)' is a name of '\(owner.name)' already, line \(owner.position.line)")
      }
    }
    terms.append(term)
  }

  /// The term and, in parentheses behind it, what it is short for.
  private static func heading(_ title: String) -> (name: String, expansion: String?) {
    guard title.hasSuffix(")"), let start = title.firstRange(of: " (") else { return (title, nil) }
    return (String(title[..<start.lowerBound]), String(title[start.upperBound...].dropLast()))
  }

  private mutating func checkSentences(of term: Term, at position: SourcePosition) {
    let text = term.definition.plainText
    let ends = text.matches(of: #/[.?!](?= |$)/#).count
    if ends > 2 {
      report(position, "the definition of '\(term.name)' has \(ends) sentences; two are enough")
    } else if !text.hasSuffix(".") {
      report(position, "the definition of '\(term.name)' is no sentence: it ends without a period")
    }
  }

  /// Reads the paragraph below a definition; false if it has another form.
  private func readFoot(_ inlines: [Inline], into term: inout Term) -> Bool {
    var text = ""
    for inline in inlines {
      switch inline {
      case .text(let words): text += words
      case .softBreak: text += " "
      case .wikiLink(let link) where link.section != nil:
        term.lessons.append(link)
        text += "@"
      default: return false
      }
    }
    let form =
      #/(?:Also: (?<names>[^.@]+)\. )?(?:Taught in @(?:, @)*|Coming in note (?<number>\d\d))\./#
    guard let match = text.wholeMatch(of: form) else { return false }
    term.aliases =
      match.output.names?.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmed } ?? []
    term.comingNote = match.output.number.flatMap { Int($0) }
    return !term.aliases.contains("")
  }
}
