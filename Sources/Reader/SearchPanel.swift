import Lessons
import NoteFormat
import Terminal

/// A search in all notes, whose results follow the typed text.
struct SearchPanel: Sendable {
  private var words = ""
  private var results: [Result] = []
  private var selection = 0

  struct Result: Hashable, Sendable {
    var note: String
    var step: String
    var title: String
    var line: String
  }

  mutating func pressed(_ key: TerminalKey, course: Course) -> Reader.Choice {
    switch key {
    case .escape: return .close
    case .enter:
      guard results.indices.contains(selection) else { return .stay }
      let result = results[selection]
      return .go(
        note: result.note, step: result.step, found: .init(words: words, line: result.line))
    case .down: selection = min(selection + 1, max(0, results.count - 1))
    case .up: selection = max(selection - 1, 0)
    case .backspace: search(String(words.dropLast()), in: course)
    case .character(let character): search(words + String(character), in: course)
    default: break
    }
    return .stay
  }

  private mutating func search(_ words: String, in course: Course) {
    self.words = words
    selection = 0
    results = NoteSearch.matches(of: words, in: course).map {
      Result(note: $0.note, step: $0.step, title: $0.title, line: $0.line)
    }
  }

  func lines(height: Int, _ presentation: Presentation) -> [StyledText] {
    var lines = [
      StyledText("Search ", .heading, emphasis: .bold) + StyledText(words, .key)
        + StyledText(words.isEmpty ? "type what you look for" : "", .muted), "",
    ]
    // Each result takes two lines.
    let room = max(1, (height - lines.count) / 2)
    let first = max(0, min(selection - room / 2, results.count - room))
    for (index, result) in results.enumerated().dropFirst(first).prefix(room) {
      let mark = index == selection ? StyledText("> ", .key) : "  "
      lines.append(
        mark + StyledText(result.note, .link)
          + StyledText(": \(result.title)", emphasis: index == selection ? .bold : []))
      lines.append(StyledText("    " + result.line, .muted).truncated(to: presentation.width))
    }
    if results.isEmpty, !words.isEmpty { lines.append("Nothing is found.") }
    return lines
  }
}
