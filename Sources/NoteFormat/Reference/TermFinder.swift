/// Finds terms in text by whole words, the longest name first, in the singular and the plural.
///
/// A name in capitals must stand in capitals: `TURN` is no turn.
struct TermFinder: Sendable {
  private struct Name: Sendable {
    var words: [String]
    var term: Int
  }

  /// The names by the lower-case letters of their first word, the longest ones first.
  private var names: [String: [Name]] = [:]

  init(_ terms: [Term]) {
    for (index, term) in terms.enumerated() {
      for name in term.names {
        let words = Self.tokens(of: name)
        guard let first = words.first else { continue }
        names[first.lowercased(), default: []].append(Name(words: words, term: index))
      }
    }
    for key in names.keys { names[key]?.sort { $0.words.count > $1.words.count } }
  }

  /// The indices of the terms in a run of text, in reading order; a term may occur more than once.
  ///
  /// - Parameter whole: whether only a term that is the whole text counts.
  /// - Complexity: O(*n*) in the length of the text.
  func terms(in text: [Inline], whole: Bool = false) -> [Int] {
    let tokens = Self.tokens(of: text)
    var found: [Int] = []
    var index = 0
    while index < tokens.count {
      let name = longestName(at: index, of: tokens)
      if let name, !whole || name.words.count == tokens.count { found.append(name.term) }
      index += name?.words.count ?? 1
    }
    return found
  }

  private func longestName(at index: Int, of tokens: [String]) -> Name? {
    let rest = tokens[index...]
    let candidates = Self.singulars(of: tokens[index]).flatMap { names[$0] ?? [] }
    return candidates.filter { name in
      name.words.count <= rest.count
        && zip(name.words, rest).enumerated().allSatisfy { offset, words in
          Self.isSame(words.1, as: words.0, mayBePlural: offset == name.words.count - 1)
        }
    }.max { $0.words.count < $1.words.count }
  }

  /// What a word may be the plural of, itself included, in lower case.
  private static func singulars(of word: String) -> [String] {
    let word = word.lowercased()
    var singulars = [word]
    if word.hasSuffix("s") { singulars.append(String(word.dropLast())) }
    if word.hasSuffix("es") { singulars.append(String(word.dropLast(2))) }
    if word.hasSuffix("ies") { singulars.append(word.dropLast(3) + "y") }
    return singulars
  }

  private static func isSame(_ word: String, as name: String, mayBePlural: Bool) -> Bool {
    if name.count(where: \.isUppercase) >= 2 {
      return word == name || mayBePlural && word == name + "s"
    }
    return mayBePlural
      ? singulars(of: word).contains(name.lowercased()) : word.lowercased() == name.lowercased()
  }

  // MARK: Words

  /// What no name goes across, such as the end of a sentence or a piece of code.
  private static let boundary = "."

  private static func tokens(of text: String) -> [String] { tokens(of: [.text(text)]) }

  private static func tokens(of inlines: [Inline]) -> [String] {
    var tokens: [String] = []
    for inline in inlines {
      switch inline {
      case .text(let text): append(text, to: &tokens)
      case .emphasis(let children), .strong(let children), .strikethrough(let children):
        tokens += self.tokens(of: children)
      case .link(let link): tokens += self.tokens(of: link.label)
      case .softBreak: break
      // A link to a step names what is taught there.
      case .code, .image, .wikiLink, .embed, .math, .footnote, .html, .lineBreak:
        tokens.append(boundary)
      }
    }
    return tokens
  }

  private static func append(_ text: String, to tokens: inout [String]) {
    var word = ""
    for character in text {
      if character.isLetter || character.isNumber {
        word.append(character)
        continue
      }
      if !word.isEmpty { tokens.append(word) }
      word = ""
      if ".;:!?()".contains(character) { tokens.append(boundary) }
    }
    if !word.isEmpty { tokens.append(word) }
  }
}

extension Step {
  /// The runs of text that are on its page before anything is answered: no answers, no hints.
  var openText: [[Inline]] { [title] + blocks.flatMap(\.openText) }
}

extension Block {
  fileprivate var openText: [[Inline]] {
    switch content {
    case .paragraph(let inlines), .heading(_, let inlines): [inlines]
    case .table(let table): table.header + table.rows.joined()
    case .list(let list): list.items.joined().flatMap(\.openText)
    case .quote(let blocks): blocks.flatMap(\.openText)
    case .callout(let callout): [callout.title] + callout.blocks.flatMap(\.openText)
    case .question(let question):
      [question.title] + question.prompt.flatMap(\.openText)
        + question.answer.choices.flatMap(\.openText)
    case .exercise(let exercise): [exercise.title] + exercise.task.flatMap(\.openText)
    case .code, .html, .thematicBreak, .details, .example, .quotation, .stunMessage: []
    }
  }
}

extension Question.Answer {
  fileprivate var choices: [Block] {
    if case .choice(let choices, _, _) = self { Array(choices.joined()) } else { [] }
  }
}
