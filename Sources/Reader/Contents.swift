import Lessons
import NoteFormat
import Terminal

/// The contents of a note: its steps, which of them were read, and what there is to do in them.
struct Contents: Sendable {
  private let slug: String
  private let title: String
  private let entries: [Entry]
  private var selection: Int

  struct Entry: Hashable, Sendable {
    var anchor: String
    var title: String
    var isRead: Bool
    var todo: String
  }

  init(note: Note, read: Set<Reader.StepName>, state: PageState, current: Int) {
    slug = note.slug
    title = note.title
    entries = note.steps.indices.map { index in
      let step = note.steps[index]
      return Entry(
        anchor: step.anchor, title: step.title.plainText,
        isRead: read.contains(Reader.StepName(note: note.slug, step: step.anchor)),
        todo: Self.todo(in: note, step: index, state))
    }
    selection = current
  }

  private static func todo(in note: Note, step index: Int, _ state: PageState) -> String {
    var parts: [String] = []
    let blocks = note.steps[index].blocks
    if !blocks.examples.isEmpty { parts.append("example") }
    if !note.questions(inStep: index).isEmpty { parts.append("question") }
    for exercise in blocks.exercises {
      let isPassed = state.exercises[exercise.id]?.isPassed == true
      parts.append(isPassed ? "exercise passed" : "exercise")
    }
    return parts.joined(separator: ", ")
  }

  mutating func pressed(_ key: TerminalKey) -> Reader.Choice {
    switch key {
    case .escape, .character("o"), .character("q"): return .close
    case .enter:
      guard entries.indices.contains(selection) else { return .close }
      return .go(note: slug, step: entries[selection].anchor, found: nil)
    case .down, .character("j"): selection += 1
    case .up, .character("k"): selection -= 1
    case .home: selection = 0
    case .end: selection = entries.count - 1
    case .pageDown: selection += 10
    case .pageUp: selection -= 10
    default: break
    }
    selection = max(0, min(selection, entries.count - 1))
    return .stay
  }

  /// The visible lines, at most `height`.
  func lines(height: Int, _ presentation: Presentation) -> [StyledText] {
    let read = entries.count { $0.isRead }
    var lines = [
      StyledText(title, .heading, emphasis: .bold)
        + StyledText("  \(read) of \(entries.count) steps read", .muted), "",
    ]
    let room = max(1, height - lines.count)
    let first = max(0, min(selection - room / 2, entries.count - room))
    for (index, entry) in entries.enumerated().dropFirst(first).prefix(room) {
      let isSelected = index == selection
      let number = index < 9 ? " \(index + 1)" : "\(index + 1)"
      let mark =
        entry.isRead
        ? StyledText("\(presentation.symbols.success) ", .success)
        : StyledText(String(repeating: " ", count: presentation.symbols.success.displayWidth + 1))
      lines.append(
        (isSelected ? StyledText("> ", .key) : "  ") + StyledText("\(number) ", .label) + mark
          + StyledText(entry.title, emphasis: isSelected ? .bold : [])
          + StyledText(entry.todo.isEmpty ? "" : "  \(entry.todo)", .muted))
    }
    return lines
  }
}
