import Lessons
import NoteFormat
import Terminal

/// The list of notes with the learner's progress, filtered by the typed text.
struct NoteList: Sendable {
  private let entries: [Entry]
  private var filter = ""
  private var selection: Int

  struct Entry: Hashable, Sendable {
    var slug: String
    var title: String
    var number: Int?
    var stepsRead: Int
    var steps: Int
    var exercises: [String]
    var passed: Int
  }

  init(course: Course, read: Set<Reader.StepName>, state: PageState, current: Int) {
    entries = course.notes.map { note in
      Entry(
        slug: note.slug, title: note.title, number: note.number,
        stepsRead: note.steps.count {
          read.contains(Reader.StepName(note: note.slug, step: $0.anchor))
        },
        steps: note.steps.count, exercises: note.exercises.map(\.id),
        passed: note.exercises.count { state.exercises[$0.id]?.isPassed == true })
    }
    selection = current
  }

  private var matching: [Entry] {
    let words = filter.lowercased().split(separator: " ")
    return entries.filter { entry in
      let text = "\(entry.number ?? 0) \(entry.slug) \(entry.title)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  mutating func pressed(_ key: TerminalKey, course: Course) -> Reader.Choice {
    switch key {
    case .escape: return .close
    case .enter:
      guard matching.indices.contains(selection) else { return .stay }
      return .go(note: matching[selection].slug, step: nil, found: nil)
    case .down: selection = min(selection + 1, matching.count - 1)
    case .up: selection = max(selection - 1, 0)
    case .backspace: filter = String(filter.dropLast())
    case .character(let character):
      filter.append(character)
      selection = 0
    default: break
    }
    selection = max(0, min(selection, matching.count - 1))
    return .stay
  }

  /// The visible lines, at most `height`.
  func lines(height: Int, _ presentation: Presentation) -> [StyledText] {
    var lines = [
      StyledText("Notes", .heading, emphasis: .bold)
        + StyledText(filter.isEmpty ? "  type to narrow the list" : "  \(filter)", .muted), "",
    ]
    let shown = matching
    let room = max(1, height - lines.count)
    let first = max(0, min(selection - room / 2, shown.count - room))
    for (index, entry) in shown.enumerated().dropFirst(first).prefix(room) {
      lines.append(line(for: entry, isSelected: index == selection, presentation))
    }
    if shown.isEmpty { lines.append("No note is called that.") }
    return lines
  }

  private func line(
    for entry: Entry, isSelected: Bool, _ presentation: Presentation
  ) -> StyledText {
    let mark = isSelected ? StyledText("> ", .key) : "  "
    let done = entry.stepsRead == entry.steps && entry.passed == entry.exercises.count
    let state =
      done
      ? StyledText("\(presentation.symbols.success) ", .success)
      : StyledText("\(entry.stepsRead)/\(entry.steps) ", .muted)
    let exercises =
      entry.exercises.isEmpty ? "" : "  \(entry.passed)/\(entry.exercises.count) exercises"
    let number = entry.number.map { $0 < 10 ? " \($0)" : "\($0)" } ?? "  "
    return mark + StyledText("\(number) ", .label) + state.padded(to: 7)
      + StyledText(entry.title, emphasis: isSelected ? .bold : []) + StyledText(exercises, .muted)
  }
}
