import Lessons
import NoteFormat
import Terminal

/// The terms that a step uses, with the definition of the selected one; typing looks up any other.
struct WordList: Sendable {
  private let glossary: Glossary
  /// The terms of the step, in the order in which they occur.
  private let here: [Term]
  private var letters = ""
  private var selection = 0

  init(_ glossary: Glossary, of step: Step?) {
    self.glossary = glossary
    here = step.map { glossary.terms(in: $0) } ?? []
  }

  private var shown: [Term] {
    letters.isEmpty ? here : glossary.terms(beginningWith: letters)
  }

  private var selected: Term? {
    shown.indices.contains(selection) ? shown[selection] : nil
  }

  mutating func pressed(_ key: TerminalKey, course: Course) -> Reader.Choice {
    switch key {
    case .escape: return .close
    case .enter:
      guard let place = selected?.place(in: course) else { return .stay }
      return .go(note: place.note.slug, step: place.note.steps[place.step].anchor, found: nil)
    case .down: selection += 1
    case .up: selection -= 1
    case .pageDown: selection += 10
    case .pageUp: selection -= 10
    case .home: selection = 0
    case .end: selection = shown.count - 1
    case .backspace where letters.isEmpty: return .close
    case .backspace: narrow(to: String(letters.dropLast()))
    case .character(let character): narrow(to: letters + String(character))
    default: break
    }
    selection = max(0, min(selection, shown.count - 1))
    return .stay
  }

  /// The end of a sentence about a word that is not there: a suggestion if one is near.
  static func end(after word: String, _ glossary: Glossary) -> String {
    let hint = Suggestion.phrase(for: word, among: glossary.terms.flatMap(\.names))
    return hint.isEmpty ? "." : hint
  }

  private mutating func narrow(to letters: String) {
    self.letters = letters
    selection = 0
  }

  /// The visible lines, at most `height`: the terms above, the definition below.
  func lines(height: Int, course: Course, _ presentation: Presentation) -> [StyledText] {
    let head = [
      letters.isEmpty
        ? StyledText("Words of this step", .heading, emphasis: .bold)
          + StyledText("  type to look any word up", .muted)
        : StyledText("Glossary  ", .heading, emphasis: .bold) + StyledText(letters, .key),
      "",
    ]
    guard let selected else {
      let nothing =
        letters.isEmpty
        ? "No word of this step is in the glossary."
        : "The glossary has no such word" + Self.end(after: letters, glossary)
      return head + StyledText(nothing).wrapped(to: presentation.proseWidth)
    }
    let definition =
      [""] + [StyledText(selected.title, .subheading, emphasis: .bold)]
      + TermPage.lines(of: selected, in: course, naming: .titles, presentation)
    // The definition is what was asked for; the list shows at least the selected term.
    let room = max(1, height - head.count - definition.count)
    let first = max(0, min(selection - room / 2, shown.count - room))
    let list = shown.enumerated().dropFirst(first).prefix(room).map { index, term in
      (index == selection ? StyledText("> ", .key) : "  ")
        + StyledText(term.title, emphasis: index == selection ? .bold : [])
    }
    return head + list + definition
  }
}

extension Reader {
  /// Opens the words of the step on the page.
  mutating func showWords() {
    let glossary = readGlossary()
    guard !glossary.terms.isEmpty else {
      panel = .page
      message = "These notes have no glossary."
      return
    }
    panel = .words(WordList(glossary, of: step))
  }

  /// The definition of a word, or of all words of the step, for a driver that prints lines.
  func lines(explaining word: String) -> [StyledText] {
    let glossary = readGlossary()
    guard !glossary.terms.isEmpty else { return ["These notes have no glossary."] }
    if word.isEmpty {
      let terms = step.map { glossary.terms(in: $0) } ?? []
      return terms.isEmpty
        ? ["No word of this step is in the glossary; d WORD looks any other up."]
        : terms.flatMap { lines(of: $0) }
    }
    guard let term = glossary.term(named: word) else {
      return [
        StyledText("The glossary has no word '\(word)'" + WordList.end(after: word, glossary))
      ]
    }
    return lines(of: term)
  }

  private func lines(of term: Term) -> [StyledText] {
    [StyledText(term.title, .subheading, emphasis: .bold)]
      + TermPage.lines(of: term, in: course, naming: .titles, presentation) + [""]
  }
}
